import type { LatencyDistribution } from './p95-verdict';
import { calibrateSplit } from './split/calibrate';
import type { ShapeNode } from './split/graph-shape';

export interface MeasuredSplit {
  /** By which the times of all nodes with a share may grow, or must shrink, for whole runs to just meet the objective. */
  readonly factor: number;
  /** Probability that a component makes a late run late, by component. */
  readonly criticality: ReadonlyMap<string, number>;
}

/** Times that stand for the distribution of a node: its percentiles 0.5, 1.5, ... 99.5. */
const TIMES_PER_NODE = 100;

/**
 * Splits an objective by what nodes take when they are calm, each in proportion to that: what is known before any load
 * has told how latencies depend on it. Nodes were not measured together, so they are drawn apart.
 *
 * @param times of whole nodes at light load, by id; a node without is taken to cost no time
 * @param isShared whether a node can be made faster: others keep their times
 * @param uniform random numbers from 0 to below 1
 * @returns undefined if no node with a share was measured, or the others miss the objective by themselves
 */
export function splitMeasured(
  nodes: readonly ShapeNode[],
  times: ReadonlyMap<string, LatencyDistribution>,
  isShared: (node: ShapeNode) => boolean,
  objectiveMs: number,
  uniform: () => number,
): MeasuredSplit | undefined {
  const measured = nodes.filter(({ id }) => (times.get(id)?.count ?? 0) > 0);
  const shares = new Map(measured.filter(isShared).map(({ id }) => [id, times.get(id)!.percentileMs(95)]));
  if (shares.size === 0) return undefined;
  const sources = measured.map(({ id }) =>
    Array.from({ length: TIMES_PER_NODE }, (_, i) => ({
      [id]: times.get(id)!.percentileMs((100 * (i + 0.5)) / TIMES_PER_NODE),
    })),
  );
  try {
    const { kappa, componentCriticality } = calibrateSplit(nodes, sources, shares, objectiveMs, uniform);
    return { factor: kappa, criticality: componentCriticality };
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
