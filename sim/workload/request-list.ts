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
  /** Who sent it, where clients have names. */
  readonly clients?: ClientColumn;
  /** From the start of the run to its end; at least the last arrival. */
  readonly durationUs: number;
}

export interface ClientColumn {
  readonly names: readonly string[];
  /** Of each request: the position of its client's name. */
  readonly positions: Uint8Array;
}

/** @returns undefined where clients have no names */
export function clientOf({ clients }: RequestList, request: number): string | undefined {
  return clients?.names[clients.positions[request]!];
}

/** The clients of some of the requests, as a column to spread into their list. */
export function clientsAt(
  { clients }: RequestList,
  positionsOf: (positions: Uint8Array) => Uint8Array,
): Pick<RequestList, 'clients'> {
  return clients ? { clients: { names: clients.names, positions: positionsOf(clients.positions) } } : {};
}
