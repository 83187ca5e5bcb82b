import { linesOf } from '../../../../sim/workload/traces/lines';

/** A text as the lines that a loader reads. */
export function lines(text: string): AsyncIterable<string> {
  return linesOf(chunks(text));
}

export async function* chunks(...parts: readonly string[]): AsyncIterable<string> {
  yield* parts;
}

/** Three columns of a list of requests, row by row. */
export function rowsOf(requests: {
  readonly arrivalUs: Float64Array;
  readonly promptTokens: Uint32Array;
  readonly outputTokens: Uint32Array;
}): number[][] {
  return Array.from(requests.arrivalUs, (us, i) => [us, requests.promptTokens[i]!, requests.outputTokens[i]!]);
}
