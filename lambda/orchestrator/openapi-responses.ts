import { problemTitles } from './problem';
import { MAX_RETRY_AFTER_SECONDS } from './run-problem';

/** Headers of responses, by name. */
export const HEADERS = {
  'compound-run-id': { description: 'Id of the run, as in its log line', schema: { type: 'string', format: 'uuid' } },
  'compound-cost-usd': { description: 'What the run cost, in US dollars', schema: { type: 'number', minimum: 0 } },
  'server-timing': {
    description: 'Milliseconds: the total, the share of the engine, and the nodes that decided the total',
    schema: { type: 'string' },
  },
  'retry-after': {
    description: 'Seconds to wait before the next request',
    schema: { type: 'integer', minimum: 1, maximum: MAX_RETRY_AFTER_SECONDS },
  },
} as const;

type Header = keyof typeof HEADERS;

export const RUN_HEADERS: readonly Header[] = ['compound-run-id', 'compound-cost-usd', 'server-timing'];

/** Problems of requests that do not run an agent. */
const READ_PROBLEMS = [404, 500];

/** Problems that a run ends with once it has begun; all others come before. */
const RUN_ENDS = [429, 500, 502, 503, 504];
const RETRIED = [429, 503];

export function json(description: string, schema: object, headers: readonly Header[] = []): object {
  return { description, ...headersOf(headers), content: { 'application/json': { schema } } };
}

export function readProblems(): object {
  return Object.fromEntries(READ_PROBLEMS.map((status) => [status, problem(problemTitles().get(status)!)]));
}

export function runProblems(): object {
  return Object.fromEntries(
    [...problemTitles()].map(([status, title]) => {
      const headers = RUN_ENDS.includes(status) ? RUN_HEADERS : [];
      return [status, problem(title, RETRIED.includes(status) ? [...headers, 'retry-after'] : headers)];
    }),
  );
}

function problem(description: string, headers: readonly Header[] = []): object {
  const schema = { $ref: '#/components/schemas/Problem' };
  return { description, ...headersOf(headers), content: { 'application/problem+json': { schema } } };
}

function headersOf(names: readonly Header[]): object {
  if (names.length === 0) return {};
  return { headers: Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }])) };
}
