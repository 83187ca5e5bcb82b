import type { WorkClass } from '../run/work-class';

/** Request header with the most milliseconds the caller is willing to wait. */
export const DEADLINE_HEADER = 'compound-deadline-ms';

/** Request header that says what a run is for: whether somebody waits for it. */
export const WORK_CLASS_HEADER = 'compound-work-class';

export const WORK_CLASSES: readonly WorkClass[] = ['interactive', 'batch'];

/** Request header that says whether a run only checks that its agent answers: nothing is warmed for it, or learned from it. */
export const PROBE_HEADER = 'compound-probe';

/** A service that asks for a longer `retry-after` is mistaken, and a caller would obey. */
export const MAX_RETRY_AFTER_SECONDS = 3600;

/** Headers of responses, by name, as OpenAPI describes them. */
export const RESPONSE_HEADERS = {
  'compound-run-id': { description: 'Id of the run, as in its log line', schema: { type: 'string', format: 'uuid' } },
  'compound-cost-usd': { description: 'What the run cost, in US dollars', schema: { type: 'number', minimum: 0 } },
  'compound-copy-seconds': {
    description: 'Time of copies that the run took, as its share of their concurrency; only where their price is known',
    schema: { type: 'number', minimum: 0 },
  },
  'server-timing': {
    description: 'Milliseconds: the total, the share of the engine, and the nodes that decided the total',
    schema: { type: 'string' },
  },
  'retry-after': {
    description: 'Seconds to wait before the next request',
    schema: { type: 'integer', minimum: 1, maximum: MAX_RETRY_AFTER_SECONDS },
  },
} as const;
