import { mostProbablePaths, type ShapeNode, timeShares } from '../../core/scale';
import { endTimesMs, needPositions } from '../../core/scale/split/requests';
import type { AgentModel } from '../agent/agent-model';
import { planAgent } from '../agent/agent-plan';
import { copyCostsOf } from '../experiment/policies/copy-price';
import { type LightRuns, lightRuns, type RunsContext } from '../experiment/policies/tuner-light-runs';
import { capacityFor, nodeP95Ms, shapeOf, splitOverNodes } from '../experiment/policies/tuner-split';
import { quantile } from '../statistics/quantile';
import type { RequestList } from '../workload/request-list';
import { offersFor, worldOf } from './deployment';
import type { InstanceOffer } from './instance-offers';
import { PlanError } from './plan-error';
import type { PlannedSystem } from './planned-system';

/** The objective of an agent, split over its nodes on the instance type on which that is cheapest. Plain JSON data. */
export interface ObjectiveSplit {
  readonly objective: { readonly p95Ms: number };
  readonly instanceType: string;
  /** P95 of whole runs at light load: no number of copies meets less. */
  readonly leastP95Ms: number;
  /** By which all shares could grow because nodes do not peak together. */
  readonly kappa: number;
  /** Of the models of the fleet. */
  readonly usdPer1000Runs: number;
  /** Those that call a component, in topological order. */
  readonly nodes: readonly NodeShare[];
  readonly components: readonly ComponentShare[];
}

export interface NodeShare {
  readonly node: string;
  readonly component: string;
  /** The nodes among these that it waits for. */
  readonly needs: readonly string[];
  readonly lightP95Ms: number;
  /** What the node may take at P95; left out where it has no copies to add, and so takes what it takes. */
  readonly shareMs?: number;
  /** What is left of its share for load. */
  readonly slackMs?: number;
  /** Probability that it was on the critical path and beyond its share when a run was late. */
  readonly criticality: number;
  /** Copies that keep its share at one run a second, not rounded. */
  readonly copiesAtOneRunPerSecond?: number;
  readonly usdPer1000Runs?: number;
}

export interface ComponentShare {
  readonly component: string;
  /** Calls of a run. */
  readonly visits: number;
  /** Of the time of all components at light load: stable even where a planner makes each graph. */
  readonly timeShare: number;
  readonly criticality: number;
  readonly usdPer1000Runs?: number;
}

export interface SplitInputs {
  /** Without its objective. */
  readonly system: Omit<PlannedSystem, 'objective'>;
  /** From which tokens are taken. */
  readonly requests: RequestList;
  readonly offers: readonly InstanceOffer[];
  readonly seed: number;
  /** @default twice what runs take at light load */
  readonly p95Ms?: number;
}

/** Of more requests, the first: P95 is within a percentile point. */
const MOST_RUNS = 2000;

/** A larger instance whose copies are cheaper by less is not worth its size. */
const AS_CHEAP = 1.01;

/** Of an objective that was not given. */
const OBJECTIVE_PER_LEAST = 2;

/** @throws PlanError if a component fits no instance type, or the objective is less than runs take at light load */
export function splitObjective({ system, requests, offers, seed, p95Ms }: SplitInputs): ObjectiveSplit {
  const candidates = offersFor({ ...system, objective: { p95Ms: Infinity } }, offers).map((offer) =>
    candidateOn(system, offer, requests, seed),
  );
  const fastest = candidates.reduce((best, next) => (next.leastMs < best.leastMs ? next : best));
  const objectiveMs = p95Ms ?? roundUp(OBJECTIVE_PER_LEAST * fastest.leastMs, 2);
  const feasible = candidates.filter(({ leastMs }) => leastMs < objectiveMs);
  if (feasible.length === 0) throw new PlanError(infeasible(fastest, objectiveMs));
  const splits = feasible.map((candidate) => ({
    split: splitOn(candidate, system, objectiveMs),
    instanceUsd: candidate.offer.pricePerHourUsd,
  }));
  const most = AS_CHEAP * Math.min(...splits.map(({ split }) => split.usdPer1000Runs));
  const cheap = splits.filter(({ split }) => split.usdPer1000Runs <= most);
  return cheap.reduce((smallest, next) => (next.instanceUsd < smallest.instanceUsd ? next : smallest)).split;
}

/** What an agent takes at light load on an instance type. */
interface Candidate {
  readonly offer: InstanceOffer;
  readonly context: RunsContext;
  readonly light: LightRuns;
  readonly shape: readonly ShapeNode[];
  readonly leastMs: number;
}

function candidateOn(
  { agent, hosted, services }: SplitInputs['system'],
  offer: InstanceOffer,
  requests: RequestList,
  seed: number,
): Candidate {
  const copies = Object.fromEntries(hosted.map(({ name }) => [name, { min: 1, max: 1, targetConcurrency: 1 }]));
  const system = { agent, hosted, services, objective: { p95Ms: Infinity } };
  const worldModel = worldOf(system, { offer, maxInstances: 1, copies });
  const components = Object.keys(worldModel.components);
  const plan = planAgent(agent, components, { isSequential: false });
  const context = { plan, components, worldModel, requests, seed };
  const light = lightRuns(context, Math.min(MOST_RUNS, requests.count));
  const shape = shapeOf(context);
  return { offer, context, light, shape, leastMs: plan.runUs / 1000 + quantile(wholeTimesMs(shape, light), 0.95) };
}

function wholeTimesMs(shape: readonly ShapeNode[], { runs }: LightRuns): number[] {
  const needs = needPositions(shape);
  return runs.map((run) =>
    Math.max(
      ...endTimesMs(
        needs,
        Float64Array.from(shape, ({ id }) => run[id] ?? 0),
      ),
    ),
  );
}

function splitOn(
  { offer, context, light, leastMs }: Candidate,
  { hosted, agent }: SplitInputs['system'],
  p95Ms: number,
): ObjectiveSplit {
  const { plan, worldModel, components } = context;
  const scaled = new Set(hosted.map(({ name }) => name));
  const objective = { p95Ms: p95Ms - plan.runUs / 1000 };
  const { stages, calibrated } = splitOverNodes({ ...context, objective }, scaled, light.runs.length);
  const nodes = plan.nodes.flatMap(({ id, component: at }): NodeShare[] => {
    const component = components[at];
    if (component === undefined) return [];
    const stage = stages.find((each) => each.id === id);
    const lightP95Ms = nodeP95Ms(id, light);
    const known = { node: id, component, needs: callsBefore(agent, id), lightP95Ms };
    const criticality = calibrated.nodeCriticality.get(id) ?? 0;
    if (!stage) return [{ ...known, criticality }];

    const shareMs = calibrated.objectivesMs.get(id)!;
    const calls = light.calls.filter(({ node }) => node.id === id);
    const { points, kneeConcurrency } = capacityFor(context, component, calls);
    // No copy takes more than its throughput at the knee, however much time there is.
    const least = stage.ratePerSecond / points[kneeConcurrency - 1]!.throughputRps;
    const slackMs = shareMs - lightP95Ms;
    const copies = Math.max(least, slackMs > 0 ? (stage.loadFactor! * stage.ratePerSecond) / slackMs : Infinity);
    const { pricePerHourUsd } = copyCostsOf(worldModel.components[component]!, worldModel)!;
    const costs = { copiesAtOneRunPerSecond: copies, usdPer1000Runs: (1000 * copies * pricePerHourUsd) / 3600 };
    return [{ ...known, shareMs, slackMs, criticality, ...(copies < Infinity && costs) }];
  });
  return {
    objective: { p95Ms },
    instanceType: offer.type,
    leastP95Ms: leastMs,
    kappa: calibrated.kappa,
    usdPer1000Runs: nodes.reduce((sum, { shareMs, usdPer1000Runs }) => sum + costOf(shareMs, usdPer1000Runs), 0),
    nodes,
    components: componentShares(nodes, light, calibrated.componentCriticality),
  };
}

/** What only computes takes no time: it passes on what it waits for. */
function callsBefore({ nodes }: Pick<AgentModel, 'nodes'>, id: string): string[] {
  const needs = nodes
    .find((node) => node.id === id)!
    .needs.flatMap((need) => {
      const { component } = nodes.find((node) => node.id === need)!;
      return component === undefined ? callsBefore({ nodes }, need) : [need];
    });
  return [...new Set(needs)];
}

function componentShares(
  nodes: readonly NodeShare[],
  { runs, calls }: LightRuns,
  criticality: ReadonlyMap<string, number>,
): ComponentShare[] {
  const componentOf = new Map(nodes.map(({ node, component }) => [node, component]));
  const times = timeShares(calls.map(({ node: { id }, ms }) => ({ [componentOf.get(id)!]: ms })));
  return [...times].map(([component, timeShare]) => {
    const own = nodes.filter((node) => node.component === component);
    const called = calls.filter(({ node: { id } }) => componentOf.get(id) === component).length;
    const usd = own.flatMap(({ usdPer1000Runs }) => usdPer1000Runs ?? []);
    return {
      component,
      visits: called / runs.length,
      timeShare,
      criticality: criticality.get(component) ?? 0,
      ...(usd.length > 0 && { usdPer1000Runs: usd.reduce((sum, each) => sum + each, 0) }),
    };
  });
}

/** A share that no number of copies keeps costs more than any other. */
function costOf(shareMs: number | undefined, usdPer1000Runs: number | undefined): number {
  return shareMs === undefined ? 0 : (usdPer1000Runs ?? Infinity);
}

const MOST_PATHS = 1024;

function infeasible({ offer, shape, light, leastMs }: Candidate, p95Ms: number): string {
  const paths = mostProbablePaths(shape, MOST_PATHS).map(({ nodes }) => ({
    nodes,
    ms: nodes.reduce((sum, id) => sum + nodeP95Ms(id, light), 0),
  }));
  const longest = paths.reduce((most, path) => (path.ms > most.ms ? path : most));
  return (
    `the objective p95=${text(p95Ms)} cannot be met: at light load runs take ${text(leastMs)} at P95 on ${offer.type}, ` +
    `the fastest instance type to choose from, most of it on the path ${longest.nodes.join(' -> ')}; ` +
    `the least that can be met is p95=${text(roundUp(leastMs, 3))}: raise --objective, or use faster models or accelerators`
  );
}

/** Above it, to so many digits. */
function roundUp(ms: number, digits: number): number {
  const step = 10 ** (Math.floor(Math.log10(ms)) + 1 - digits);
  return (Math.floor(ms / step) + 1) * step;
}

const text = (ms: number) => (ms < 1000 ? `${Number(ms.toPrecision(3))}ms` : `${Number((ms / 1000).toPrecision(3))}s`);
