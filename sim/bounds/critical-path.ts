/** A node by what it waits for. */
export interface PathNode {
  /** Positions of earlier nodes. */
  readonly needs: readonly number[];
}

/**
 * The least time in which a request's nodes can run: each starts the moment the last node it needs has ended, none
 * waits for capacity.
 *
 * `durationsMs` holds each node's duration for this request in a warm copy that serves nothing else; of a map that of
 * its longest item, of a node that the request does not reach 0. Over all requests, the P95 of these times is the lower
 * bound of the P95 under any policy.
 *
 * @throws RangeError unless each node needs earlier nodes only and has a duration.
 */
export function criticalPathMs(nodes: readonly PathNode[], durationsMs: ArrayLike<number>): number {
  const endMs = new Float64Array(nodes.length);
  let lastEndMs = 0;
  for (let at = 0; at < nodes.length; at++) {
    const durationMs = durationsMs[at];
    if (!(durationMs! >= 0)) throw new RangeError(`durationsMs[${at}] must not be negative, got: ${durationMs}`);
    let startMs = 0;
    for (const need of nodes[at]!.needs) {
      if (!(need >= 0 && need < at)) throw new RangeError(`node ${at} must need earlier nodes only, got: ${need}`);
      startMs = Math.max(startMs, endMs[need]!);
    }
    endMs[at] = startMs + durationMs!;
    lastEndMs = Math.max(lastEndMs, endMs[at]!);
  }
  return lastEndMs;
}
