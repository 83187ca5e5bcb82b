import {
  type CalibratedSplit,
  calibrateSplit,
  InfeasibleObjectiveError,
  mostProbablePaths,
  type ShapeNode,
  type Stage,
  splitPaths,
} from '../../../core/scale';
import type { PlannedNode } from '../../agent/agent-plan';
import { meanShare } from '../../agent/node-needs';
import { randomStream } from '../../kernel/random';
import { type Capacity, capacityOf } from '../../profiles/capacity';
import type { Work } from '../../serving/copy-profile';
import { quantile } from '../../statistics/quantile';
import type { PolicyContext } from '../policy';
import { copyCostsOf } from './copy-price';
import { type LightCall, type LightRuns, lightRuns, type RunsContext } from './tuner-light-runs';

export type SplitContext = RunsContext & Pick<PolicyContext, 'objective'>;

/** The objective of an agent, split over the nodes whose components scale. */
export interface NodeSplit {
  readonly light: LightRuns;
  /** All nodes of the agent. */
  readonly shape: readonly ShapeNode[];
  /** The nodes with a share. */
  readonly stages: readonly Stage[];
  readonly calibrated: CalibratedSplit;
}

/** Enough for any graph whose paths a person would draw. */
const MOST_PATHS = 1024;

/**
 * Splits such that copies are cheapest at light load plus load, calibrated so that whole runs just meet the objective.
 *
 * @param runs how many have come, from which times and tokens are known
 * @throws RangeError if what does not scale misses the objective by itself.
 */
export function splitOverNodes(context: SplitContext, scaled: ReadonlySet<string>, runs: number): NodeSplit {
  const { plan, components, objective, seed } = context;
  const light = lightRuns(context, runs);
  const shape = shapeOf(context);
  const stages = plan.nodes.flatMap((node) => {
    const calls = light.calls.filter((call) => call.node === node);
    return calls.length > 0 && scaled.has(components[node.component]!) ? [stageOf(context, node, light, calls)] : [];
  });
  const random = randomStream(seed, 'tuner', 'split');
  const shares = sharesOf(context, shape, stages, light);
  const calibrated = calibrateSplit(shape, [light.runs], shares, objective.p95Ms, () => random.uniform());
  return { light, shape, stages, calibrated };
}

/** A skipped node lets its run pass at once, so that runs take every path. */
export function shapeOf({ plan, components, requests }: RunsContext): ShapeNode[] {
  const needs = plan.nodes.map((node, at) =>
    plan.nodes
      .filter((_, from) => plan.dependents[from]!.includes(at))
      .map(({ id }) => ({ node: id, probability: Math.max(meanShare(node, requests), Number.MIN_VALUE) })),
  );
  return plan.nodes.map(({ id, component }, at) => ({
    id,
    ...(component >= 0 && { component: components[component]! }),
    needs: needs[at]!,
    join: 'all',
    width: 1,
    repeat: 0,
  }));
}

function stageOf(context: RunsContext, node: PlannedNode, light: LightRuns, calls: readonly LightCall[]): Stage {
  const { components, worldModel } = context;
  const name = components[node.component]!;
  const lightP95Ms = nodeP95Ms(node.id, light);
  return {
    id: node.id,
    lightP95Ms,
    loadFactor: loadFactorOf(capacityFor(context, name, calls), lightP95Ms),
    ratePerSecond: calls.length / light.runs.length,
    pricePerCopyHourUsd: copyCostsOf(worldModel.components[name]!, worldModel)?.pricePerHourUsd ?? 0,
  };
}

/** Milliseconds of its P95 for each call a second: along the way from a request alone to half of the knee. */
function loadFactorOf({ points, kneeConcurrency }: Capacity, lightP95Ms: number): number {
  const alone = points[0]!;
  const busy = points[Math.min(points.length, Math.max(2, Math.round(kneeConcurrency / 2))) - 1]!;
  return (lightP95Ms * (busy.latencyMs / alone.latencyMs - 1)) / busy.throughputRps;
}

/** P95 of the time of a node in the runs that took it; 0 if none did. */
export function nodeP95Ms(id: string, { runs }: LightRuns): number {
  const times = runs.flatMap((run) => (run[id] === undefined ? [] : [run[id]]));
  return times.length === 0 ? 0 : quantile(times, 0.95);
}

/** Shares of the nodes that scale; where even light load takes too long at P95, in proportion to that. */
function sharesOf(
  { plan, objective }: SplitContext,
  shape: readonly ShapeNode[],
  stages: readonly Stage[],
  light: LightRuns,
): ReadonlyMap<string, number> {
  const ids = new Set(stages.map(({ id }) => id));
  const fixedMs = new Map(shape.map(({ id }) => [id, ids.has(id) ? 0 : nodeP95Ms(id, light)]));
  const paths = mostProbablePaths(shape, MOST_PATHS)
    .map(({ nodes }) => ({
      stages: nodes.filter((id) => ids.has(id)),
      budgetMs: nodes.reduce((left, id) => left - fixedMs.get(id)!, objective.p95Ms - plan.runUs / 1000),
    }))
    .filter((path) => path.stages.length > 0);
  try {
    return new Map([...splitPaths(stages, paths)].map(([id, { objectiveMs }]) => [id, objectiveMs]));
  } catch (error) {
    if (!(error instanceof InfeasibleObjectiveError)) throw error;
    return new Map(stages.map(({ id, lightP95Ms }) => [id, lightP95Ms]));
  }
}

/** What a copy can do with calls of their mean work. */
export function capacityFor(
  { worldModel }: Pick<RunsContext, 'worldModel'>,
  name: string,
  calls: readonly LightCall[],
): Capacity {
  const component = worldModel.components[name]!;
  if (component.kind === 'tool') throw new TypeError(`a tool has no copies: ${name}`);
  return capacityOf(component.copy, meanWork(calls));
}

function meanWork(calls: readonly LightCall[]): Work {
  const mean = (tokensOf: (work: Work) => number) =>
    calls.reduce((sum, { work }) => sum + tokensOf(work), 0) / calls.length;
  return { promptTokens: mean((work) => work.promptTokens), outputTokens: mean((work) => work.outputTokens) };
}
