import type { ShapeNode } from './graph-shape';
import { type DrawnRequest, endTimesMs, lastEndMs, needPositions } from './requests';

/**
 * For each node the probability that it was on the critical path and beyond its own share, given that the whole request
 * was beyond the objective. All 0 if no request was.
 *
 * @param objectivesMs share of each node, by id; a node without one is never to blame
 */
export function nodeCriticality(
  nodes: readonly ShapeNode[],
  requests: readonly DrawnRequest[],
  objectivesMs: ReadonlyMap<string, number>,
  objectiveMs: number,
): ReadonlyMap<string, number> {
  return blameShares(nodes, requests, objectivesMs, objectiveMs, ({ id }) => id);
}

/** The same for components: whether any of a component's nodes was to blame. */
export function componentCriticality(
  nodes: readonly ShapeNode[],
  requests: readonly DrawnRequest[],
  objectivesMs: ReadonlyMap<string, number>,
  objectiveMs: number,
): ReadonlyMap<string, number> {
  return blameShares(nodes, requests, objectivesMs, objectiveMs, ({ component }) => component);
}

function blameShares(
  nodes: readonly ShapeNode[],
  requests: readonly DrawnRequest[],
  objectivesMs: ReadonlyMap<string, number>,
  objectiveMs: number,
  nameOf: (node: ShapeNode) => string | undefined,
): ReadonlyMap<string, number> {
  const names = nodes.map(nameOf);
  const blamed = new Map(names.flatMap((name) => (name === undefined ? [] : [[name, 0]])));
  const needs = needPositions(nodes);
  const shares = nodes.map(({ id }) => objectivesMs.get(id) ?? Infinity);
  const ends = new Float64Array(nodes.length);
  let breaches = 0;
  for (const request of requests) {
    if (lastEndMs(endTimesMs(needs, request, ends)) <= objectiveMs) continue;
    breaches++;
    const late = criticalPath(needs, ends)
      .filter((i) => request[i]! > shares[i]!)
      .map((i) => names[i]);
    for (const name of new Set(late)) if (name !== undefined) blamed.set(name, blamed.get(name)! + 1);
  }
  return new Map([...blamed].map(([name, count]) => [name, breaches === 0 ? 0 : count / breaches]));
}

/** Positions of the nodes on it: back from the one that ends last, each time to the need that ended last. */
export function criticalPath(needs: readonly (readonly number[])[], ends: Float64Array): readonly number[] {
  const latest = (candidates: Iterable<number>) => {
    let last: number | undefined;
    for (const i of candidates) if (last === undefined || ends[i]! > ends[last]!) last = i;
    return last;
  };
  const positions: number[] = [];
  for (let i = latest(ends.keys()); i !== undefined; i = latest(needs[i]!)) positions.push(i);
  return positions;
}
