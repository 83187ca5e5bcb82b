import type { RequestList } from '../../../sim/workload/request-list';

/** A list of requests from rows `[arrivalUs, promptTokens, outputTokens]`. */
export function requestsOf(rows: readonly (readonly [number, number, number])[], durationUs?: number): RequestList {
  return {
    count: rows.length,
    arrivalUs: Float64Array.from(rows, ([arrivalUs]) => arrivalUs),
    promptTokens: Uint32Array.from(rows, ([, prompt]) => prompt),
    outputTokens: Uint32Array.from(rows, ([, , output]) => output),
    durationUs: durationUs ?? (rows.at(-1)?.[0] ?? 0) + 1,
  };
}
