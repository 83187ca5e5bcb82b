import type { ShapeNode } from './graph-shape';

/** Measured time of each node of one run, by id; a node that did not run is left out. */
export type MeasuredRun = Readonly<Record<string, number>>;

/** For one drawn request the time of each node, in the order of the nodes. */
export type DrawnRequest = Float64Array;

/**
 * Draws requests from what was measured. A run is drawn as a whole, so that its correlation between nodes stays; nodes
 * that were not measured together come from sources of their own.
 *
 * @param sources for each group of nodes that were measured together, the runs
 * @param uniform random numbers from 0 to below 1
 */
export function drawRequests(
  nodes: readonly ShapeNode[],
  sources: readonly (readonly MeasuredRun[])[],
  uniform: () => number,
  count: number,
): readonly DrawnRequest[] {
  for (const [i, runs] of sources.entries()) {
    if (runs.length === 0) throw new RangeError(`source ${i} holds no measured run`);
  }
  const positions = new Map(nodes.map(({ id }, i) => [id, i]));
  const prepared = sources.map((runs) => runs.map((run) => placed(run, positions)));
  return Array.from({ length: count }, () => {
    const request = new Float64Array(nodes.length);
    for (const runs of prepared) {
      for (const [position, ms] of runs[Math.floor(uniform() * runs.length)]!) request[position] = ms;
    }
    return request;
  });
}

function placed(run: MeasuredRun, positions: ReadonlyMap<string, number>): readonly (readonly [number, number])[] {
  return Object.entries(run).map(([id, ms]) => {
    const position = positions.get(id);
    if (position === undefined) throw new RangeError(`a measured run names the unknown node '${id}'`);
    if (!(ms >= 0 && ms < Infinity)) throw new RangeError(`time of node '${id}' must be 0 or more, got: ${ms}`);
    return [position, ms];
  });
}

/** For each node the positions of its needs: looked up once for many requests. */
export function needPositions(nodes: readonly ShapeNode[]): readonly (readonly number[])[] {
  const positions = new Map(nodes.map(({ id }, i) => [id, i]));
  return nodes.map(({ needs }) => needs.map(({ node }) => positions.get(node)!));
}

/**
 * When each node of a request ends: a node starts the moment the last node that it needs has ended.
 *
 * @param ends where the times are put
 */
export function endTimesMs(
  needs: readonly (readonly number[])[],
  request: DrawnRequest,
  ends: Float64Array = new Float64Array(request.length),
): Float64Array {
  for (let i = 0; i < ends.length; i++) {
    let start = 0;
    for (const need of needs[i]!) start = Math.max(start, ends[need]!);
    ends[i] = start + request[i]!;
  }
  return ends;
}

/** When the whole request ends. */
export function lastEndMs(ends: Float64Array): number {
  let last = 0;
  for (let i = 0; i < ends.length; i++) if (ends[i]! > last) last = ends[i]!;
  return last;
}

/** What a whole request takes, by a factor on the time of each node. */
export function requestTotal(
  nodes: readonly ShapeNode[],
): (request: DrawnRequest, factors: ArrayLike<number>) => number {
  const needs = needPositions(nodes);
  const scaled = new Float64Array(nodes.length);
  const ends = new Float64Array(nodes.length);
  return (request, factors) => {
    for (let i = 0; i < scaled.length; i++) scaled[i] = factors[i]! * request[i]!;
    return lastEndMs(endTimesMs(needs, scaled, ends));
  };
}
