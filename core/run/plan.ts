import type { NodeDefinition } from '../graph/definition';
import type { Graph } from '../graph/graph';
import { RollingMedian } from './rolling-median';

/** A graph prepared for running: ids resolved to positions, and what earlier runs taught about durations. */
export interface Plan {
  readonly nodes: readonly NodeDefinition[];
  /** Positions of the nodes that need a node. */
  readonly dependents: readonly (readonly number[])[];
  /** How many nodes each node needs. */
  readonly needCounts: Int32Array;
  readonly roots: readonly number[];
  /** Positions of the nodes that the output needs. */
  readonly result: readonly number[];
  readonly position: ReadonlyMap<string, number>;
  /** Typical duration of each node over its last runs, without waits for cold copies. */
  readonly durations: readonly RollingMedian[];
}

export function planOf({ definition: { nodes, result } }: Graph): Plan {
  const position = new Map(nodes.map(({ id }, i) => [id, i]));
  const dependents: number[][] = nodes.map(() => []);
  nodes.forEach(({ needs }, i) => {
    for (const need of needs) dependents[position.get(need)!]!.push(i);
  });
  return {
    nodes,
    dependents,
    needCounts: Int32Array.from(nodes, ({ needs }) => needs.length),
    roots: nodes.flatMap(({ needs }, i) => (needs.length === 0 ? [i] : [])),
    result: result.needs.map((need) => position.get(need)!),
    position,
    durations: nodes.map(() => new RollingMedian()),
  };
}

/** So little that it only decides between nodes of unknown or equal duration: the one with more nodes behind it first. */
const HOP_MS = 1e-6;

/** For each node, how long the longest path from its start to the end of the run typically takes. */
export function remainingPaths({ nodes, dependents, durations }: Plan): Float64Array {
  const paths = new Float64Array(nodes.length);
  for (let i = nodes.length - 1; i >= 0; i--) {
    let longest = 0;
    for (const dependent of dependents[i]!) longest = Math.max(longest, paths[dependent]!);
    paths[i] = longest + durations[i]!.value + HOP_MS;
  }
  return paths;
}
