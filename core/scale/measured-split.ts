import type { LatencyDistribution } from './p95-verdict';
import { calibrateSplit } from './split/calibrate';
import type { ShapeNode } from './split/graph-shape';
import type { MeasuredRun } from './split/requests';

export interface MeasuredSplit {
  /** By which the times of all nodes with a share may grow, or must shrink, for whole runs to just meet the objective. */
  readonly factor: number;
  /** Probability that a component makes a late run late, by component. */
  readonly criticality: ReadonlyMap<string, number>;
}

/** What was measured of a node. */
export interface MeasuredNode {
  /** Of the whole node, at light load. */
  readonly latency: LatencyDistribution;
  /** Share of the runs that come to it, above 0 to 1. */
  readonly reach: number;
}

/** Times that stand for the distribution of a node: its percentiles 0.5, 1.5, ... 99.5. */
const TIMES_PER_NODE = 100;

/** A node that fewer runs come to decides no P95. */
const LEAST_REACH = 0.01;

/**
 * Splits an objective by what nodes take when they are calm, each in proportion to that: what is known before any load
 * has told how latencies depend on it.
 *
 * @param measured by node; one without calls is taken to cost no time
 * @param isShared whether a node can be made faster: others keep their times
 * @param uniform random numbers from 0 to below 1
 * @returns undefined if no node with a share was measured, or the others miss the objective by themselves
 */
export function splitMeasured(
  nodes: readonly ShapeNode[],
  measured: ReadonlyMap<string, MeasuredNode>,
  isShared: (node: ShapeNode) => boolean,
  objectiveMs: number,
  uniform: () => number,
): MeasuredSplit | undefined {
  const shared = nodes.filter((node) => isShared(node) && wasCalled(measured.get(node.id)));
  const shares = new Map(shared.map(({ id }) => [id, measured.get(id)!.latency.percentileMs(95)]));
  if (shares.size === 0) return undefined;
  try {
    const sources = measuredSources(nodes, measured);
    const { kappa, componentCriticality } = calibrateSplit(nodes, sources, shares, objectiveMs, uniform);
    return { factor: kappa, criticality: componentCriticality };
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Times for `drawRequests`. Nodes were not measured together, so they are drawn apart, but for the parts of a plan. */
export function measuredSources(
  nodes: readonly ShapeNode[],
  measured: ReadonlyMap<string, MeasuredNode>,
): readonly (readonly MeasuredRun[])[] {
  const together = new Map<string, string[]>();
  for (const { id, part } of nodes) {
    const source = part?.plan ?? id;
    if (wasCalled(measured.get(id))) together.set(source, [...(together.get(source) ?? []), id]);
  }
  return [...together.values()].map((ids) => {
    const times = Array.from({ length: TIMES_PER_NODE }, (_, i) => timesAt(ids, measured, i));
    const { reach } = measured.get(ids[0]!)!;
    const passedBy = Math.round(TIMES_PER_NODE / Math.max(LEAST_REACH, reach)) - TIMES_PER_NODE;
    return [...times, ...Array<MeasuredRun>(Math.max(0, passedBy)).fill({})];
  });
}

function timesAt(ids: readonly string[], measured: ReadonlyMap<string, MeasuredNode>, index: number): MeasuredRun {
  const percentile = (100 * (index + 0.5)) / TIMES_PER_NODE;
  return Object.fromEntries(ids.map((id) => [id, measured.get(id)!.latency.percentileMs(percentile)]));
}

function wasCalled(node: MeasuredNode | undefined): node is MeasuredNode {
  return node !== undefined && node.latency.count > 0;
}
