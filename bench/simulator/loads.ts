import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import type { Distribution } from '../../sim/workload/distribution.ts';
import type { RequestList } from '../../sim/workload/request-list.ts';
import { synthesize } from '../../sim/workload/synthesize.ts';
import type { TraceTable } from '../../sim/workload/traces/read-table.ts';
import { loadServeGen } from '../../sim/workload/traces/servegen.ts';

/** Two million requests in fourteen days. */
export const REQUESTS_PER_SECOND = 2e6 / (14 * 86_400);

const SEED = 1;

/** Azure LLM conversation trace of 2023. */
const PROMPT_TOKENS: Distribution = { lognormal: { p50: 1020, p95: 4083 }, max: 14_050 };
const OUTPUT_TOKENS: Distribution = { lognormal: { p50: 129, p95: 451 }, max: 1000 };

/** As many requests at the same rate, so that the number alone differs: no time of day, but bursts. */
export function steadyLoad(count: number): RequestList {
  return synthetic(count, Array<number>(24).fill(1));
}

/** Fourteen days with the daily shape of the synthetic generator. */
export function dailyLoad(): RequestList {
  return synthetic(2e6);
}

function synthetic(count: number, hourFactors?: readonly number[]): RequestList {
  const workload = {
    days: count / REQUESTS_PER_SECOND / 86_400,
    meanRatePerSecond: REQUESTS_PER_SECOND,
    ...(hourFactors && { hourFactors }),
    clients: [
      { share: 3, cv: 1.2 },
      { share: 1, cv: 4 },
    ],
    promptTokens: PROMPT_TOKENS,
    outputTokens: OUTPUT_TOKENS,
  };
  return synthesize(workload, SEED);
}

/** Fourteen days of the production rates, clients and tokens of m-small, scaled. */
export async function serveGenLoad(traces: string): Promise<RequestList> {
  const table = (name: string): TraceTable => {
    const file = join(traces, 'servegen', name);
    return { file, lines: linesOf(file) };
  };
  const { requests } = await loadServeGen(
    {
      rates: table('model_rate_10min.csv'),
      tokens: table('token_quantiles_6h.csv'),
      clients: table('clients_rate.csv.gz'),
    },
    { model: 'm-small', meanRatePerSecond: REQUESTS_PER_SECOND, seed: SEED },
  );
  return requests;
}

/** Opened when it is read: lines that come before someone listens would be lost. */
async function* linesOf(file: string): AsyncIterable<string> {
  const bytes = createReadStream(file);
  yield* createInterface({ input: file.endsWith('.gz') ? bytes.pipe(createGunzip()) : bytes, crlfDelay: Infinity });
}
