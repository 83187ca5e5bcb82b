import type { Actor, Timeline } from '../kernel/timeline';
import type { CopyPool } from '../serving/copy-pool';
import { hpa } from './hpa';
import { kpa } from './kpa';
import type { ScalingModel } from './scaling-model';
import { clampCopies, type LoadPeriod, type ScalingRule } from './scaling-rule';
import { nextTime } from './schedule';
import { targetTracking } from './target-tracking';

/** What the autoscaler asks of the timeline; the actions of its schedule come after. */
const END_PERIOD = 0;
const START_FROM_ZERO = 1;
const END_RAISE = 2;
const FIRST_ACTION = 3;

/** A minimum that holds for a time. */
interface Raise {
  readonly copies: number;
  readonly untilUs: number;
}

/** A scalable target and its policies: sees a component's load as its metric tells it, late, and sets its copies. */
export class Autoscaler implements Actor {
  readonly #rule: ScalingRule;
  /** Periods whose metric is not out yet. */
  readonly #unpublished: LoadPeriod[] = [];
  #minCopies: number;
  #maxCopies: number;
  #targetConcurrency: number;
  #raises: Raise[] = [];
  #isStarting = false;
  #lastPeriod: LoadPeriod | undefined;

  constructor(
    private readonly model: ScalingModel,
    private readonly pool: CopyPool,
    private readonly timeline: Timeline,
  ) {
    this.#minCopies = model.minCopies;
    this.#maxCopies = model.maxCopies;
    this.#targetConcurrency = model.targetConcurrency;
    this.#rule = ruleOf(model);
    this.timeline.at(timeline.nowUs + this.#periodUs, this, END_PERIOD);
    for (const at of model.schedule?.keys() ?? []) this.#planAction(at);
  }

  get minCopies(): number {
    return this.#raises.reduce((most, { copies }) => Math.max(most, copies), this.#minCopies);
  }

  get maxCopies(): number {
    return this.#maxCopies;
  }

  get targetConcurrency(): number {
    return this.#targetConcurrency;
  }

  /** The last period whose metric is out. */
  get lastPeriod(): LoadPeriod | undefined {
    return this.#lastPeriod;
  }

  /** The tuner's lever. */
  setTarget(concurrency: number): void {
    this.#targetConcurrency = concurrency;
  }

  setLimits(limits: { readonly minCopies?: number; readonly maxCopies?: number }): void {
    this.#minCopies = limits.minCopies ?? this.#minCopies;
    this.#maxCopies = limits.maxCopies ?? this.#maxCopies;
    this.#keepLimits();
  }

  /**
   * The warmer's lever: holds a minimum for a time. Whether AWS acts on it at once or at the next look is unverified.
   *
   * @returns what lets go of it before its time
   */
  raiseMinimum(copies: number, untilUs: number): () => void {
    const least = Math.min(copies, this.#maxCopies);
    this.#raises = this.#raises.filter((raise) => raise.untilUs > this.timeline.nowUs);
    const raise: Raise = { copies: least, untilUs };
    this.#raises.push(raise);
    this.timeline.at(untilUs, this, END_RAISE);
    this.#keepLimits();
    return () => {
      this.#raises = this.#raises.filter((other) => other !== raise);
    };
  }

  /** The step policy on refused calls. */
  onRefused(): void {
    if (this.#isStarting || this.pool.desired > 0 || this.#maxCopies === 0) return;
    const { fromZeroAfterSeconds } = this.model;
    if (fromZeroAfterSeconds === 0) {
      this.#startFromZero();
      return;
    }
    this.#isStarting = true;
    this.timeline.at(this.timeline.nowUs + fromZeroAfterSeconds * 1e6, this, START_FROM_ZERO);
  }

  act(what: number): void {
    if (what === END_PERIOD) this.#endPeriod();
    else if (what === START_FROM_ZERO) this.#startFromZero();
    else if (what === END_RAISE) this.#raises = this.#raises.filter(({ untilUs }) => untilUs > this.timeline.nowUs);
    else this.#takeAction(what - FIRST_ACTION);
  }

  get #periodUs(): number {
    return this.model.rule.periodSeconds * 1e6;
  }

  #endPeriod(): void {
    const { average, peak } = this.pool.takeLoad();
    this.#unpublished.push({
      endSeconds: this.timeline.nowUs / 1e6,
      averageConcurrency: average,
      peakConcurrency: peak,
      copiesInService: this.pool.inService,
      desiredCopies: this.pool.desired,
    });
    const { periodSeconds, publicationLagSeconds } = this.model.rule;
    const isOut = this.#unpublished.length > Math.ceil(publicationLagSeconds / periodSeconds);
    if (isOut) this.#decide(this.#unpublished.shift()!);
    this.#keepLimits();
    this.timeline.at(this.timeline.nowUs + this.#periodUs, this, END_PERIOD);
  }

  #decide(period: LoadPeriod): void {
    this.#lastPeriod = period;
    const limits = this.#limits();
    const load = { ...period, desiredCopies: this.pool.desired };
    const desired = this.#rule(load, limits);
    if (desired !== this.pool.desired) this.pool.setDesired(clampCopies(desired, limits));
  }

  #limits() {
    return { minCopies: this.minCopies, maxCopies: this.#maxCopies, targetConcurrency: this.#targetConcurrency };
  }

  #keepLimits(): void {
    const kept = clampCopies(this.pool.desired, this.#limits());
    if (kept !== this.pool.desired) this.pool.setDesired(kept);
  }

  #startFromZero(): void {
    this.#isStarting = false;
    if (this.pool.desired === 0) this.pool.setDesired(Math.min(1, this.#maxCopies));
  }

  #planAction(at: number): void {
    const seconds = nextTime(this.model.schedule![at]!, this.timeline.nowUs / 1e6);
    this.timeline.at(seconds * 1e6, this, FIRST_ACTION + at);
  }

  #takeAction(at: number): void {
    this.setLimits(this.model.schedule![at]!);
    this.#planAction(at);
  }
}

function ruleOf({ rule }: ScalingModel): ScalingRule {
  if (rule.kind === 'hpa') return hpa(rule);
  if (rule.kind === 'kpa') return kpa(rule);
  return targetTracking(rule);
}
