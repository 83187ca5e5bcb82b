import type { LatencyDistribution } from '../../../core/scale';
import { type ComponentShares, moveShares, proportionalShares } from '../../../core/scale/component-shares';
import { costCurve, type KnownCalls } from '../../../core/scale/cost-curve';
import { type KeptCurves, keepCurves } from '../../../core/scale/kept-curves';
import { OBJECTIVE_SHARE } from '../../../core/scale/p95-verdict';
import type { MeasuredAgent } from '../../../core/scale/split-goal';
import type { ComponentConfig } from '../../../core/scale/tuner/config';
import { randomStream } from '../../kernel/random';
import { concurrencyWithin } from '../../profiles/capacity';
import { quantile, quantileOfSorted } from '../../statistics/quantile';
import type { PolicyContext } from '../policy';
import { copyCostsOf } from './copy-price';
import { type LightRuns, lightRuns } from './tuner-light-runs';
import { capacityFor, shapeOf } from './tuner-split';

/** What one component may take, and within which targets. */
export type ComponentObjective = Pick<
  ComponentConfig,
  'objectiveMs' | 'criticality' | 'minTarget' | 'maxTarget' | 'pricePerCopyHourUsd'
>;

/** What was learned of a component since. */
export interface LearnedComponent extends Omit<KnownCalls, 'meanOverP95'> {
  readonly name: string;
  readonly minCopies: number;
}

/**
 * Beyond its knee a copy takes longer and does hardly more; with twice that the P95 of a fleet may still be what is asked for,
 * with fewer copies. Beyond twice the knee bursts find only full batches.
 */
const MOST_KNEES = 2;

/** A copy this near to its speed alone is hardly quickened by more copies. */
const LIGHT_LATENCY_SHARE = 1.1;

/**
 * The objective of an agent, split over the models that scale as the tuner splits it on AWS: in proportion to what their calls take
 * at light load at first, which stands for the calmest hour, and later such that copies are cheapest.
 */
export class TunedObjectives {
  readonly #agent: MeasuredAgent;
  readonly #bounds: ReadonlyMap<string, Omit<ComponentObjective, 'objectiveMs' | 'criticality'>>;
  readonly #meanOverP95: ReadonlyMap<string, number>;
  readonly #uniform: () => number;
  #shares: ComponentShares;
  #curves: KeptCurves = {};

  /**
   * @param runs how many have come, from which times and tokens are known
   * @throws RangeError if what does not scale misses the objective by itself.
   */
  constructor(context: PolicyContext, runs: number) {
    const { components, world, worldModel, objective, seed } = context;
    const light = lightRuns(context, runs);
    const nodes = shapeOf(context);
    const callsOf = (name: string) => light.calls.filter(({ node }) => components[node.component] === name);
    const called = world.models.filter(({ name, autoscaler }) => autoscaler && callsOf(name).length > 0);
    const times = new Map(called.map(({ name }) => [name, callsOf(name).map(({ ms }) => ms)]));
    this.#agent = {
      nodes,
      measured: new Map(nodes.map(({ id }) => [id, measuredNode(id, light)])),
      callP95Ms: new Map([...times].map(([name, ms]) => [name, quantile(ms, 0.95)])),
      objectiveMs: objective.p95Ms,
    };
    this.#meanOverP95 = new Map([...times].map(([name, ms]) => [name, meanOf(ms) / quantile(ms, 0.95)]));
    const random = randomStream(seed, 'tuner', 'split');
    this.#uniform = () => random.uniform();
    const shares = proportionalShares(this.#agent, this.#uniform);
    if (shares === undefined) {
      throw new RangeError(`what does not scale misses the objective of ${objective.p95Ms} ms by itself`);
    }
    this.#shares = shares;
    this.#bounds = new Map(
      called.flatMap(({ name }) => {
        const capacity = capacityFor(context, name, callsOf(name));
        const minTarget = Math.max(1, concurrencyWithin(capacity, LIGHT_LATENCY_SHARE * capacity.points[0]!.latencyMs));
        const fullBatch = capacity.points.length;
        const maxTarget = Math.max(minTarget, Math.min(MOST_KNEES * capacity.kneeConcurrency, fullBatch));
        const costs = copyCostsOf(worldModel.components[name]!, worldModel);
        return costs ? [[name, { minTarget, maxTarget, pricePerCopyHourUsd: costs.pricePerHourUsd }]] : [];
      }),
    );
  }

  /** By name of the component. */
  get all(): ReadonlyMap<string, ComponentObjective> {
    return new Map(
      [...this.#bounds].map(([name, bounds]) => {
        const { objectiveMs, criticality } = this.#shares[name]!;
        return [name, { ...bounds, objectiveMs, criticality }];
      }),
    );
  }

  /** Moves the objectives toward those with which copies are cheapest. */
  move(learned: readonly LearnedComponent[], stretch: number, nowMs: number): void {
    const told = learned.flatMap(({ name, minCopies, ...known }) => {
      const bounds = this.#bounds.get(name);
      const curve =
        bounds && costCurve({ ...known, meanOverP95: this.#meanOverP95.get(name)! }, { ...bounds, minCopies });
      return curve ? [[name, curve] as const] : [];
    });
    const aim = OBJECTIVE_SHARE * stretch;
    this.#curves = keepCurves(this.#curves, new Map(told), nowMs);
    const trusted = new Map(Object.entries(this.#curves));
    this.#shares = moveShares(this.#shares, this.#agent, trusted, aim, this.#uniform).shares;
  }
}

function measuredNode(id: string, { runs }: LightRuns) {
  const times = Float64Array.from(runs.flatMap((run) => run[id] ?? [])).sort();
  const latency: LatencyDistribution = {
    count: times.length,
    percentileMs: (p) => quantileOfSorted(times, p / 100),
  };
  return { latency, reach: times.length / runs.length };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
