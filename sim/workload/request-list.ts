/**
 * The requests of a run, in columns and in the order of their arrival: two million of them take 32 MB.
 *
 * What a request will need at each node is drawn from its number, not stored: see `drawAt`.
 */
export interface RequestList {
  readonly count: number;
  /** Whole microseconds since the start of the run, ascending. */
  readonly arrivalUs: Float64Array;
  /** Of the request itself; at least 1. */
  readonly promptTokens: Uint32Array;
  /** Of its answer; at least 1. */
  readonly outputTokens: Uint32Array;
  /** From the start of the run to its end; at least the last arrival. */
  readonly durationUs: number;
}
