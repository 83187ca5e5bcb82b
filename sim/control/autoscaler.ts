import { microseconds } from '../kernel/time-units';
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

/** Why an autoscaler changed the desired copies. */
export type ScalingCause =
  /** Its rule, by the metric. */
  | 'load'
  /** A minimum or maximum that had moved. */
  | 'limits'
  /** A refused call at zero copies. */
  | 'refused-call';

export interface ScalingChange {
  readonly atSeconds: number;
  readonly fromCopies: number;
  readonly toCopies: number;
  readonly cause: ScalingCause;
}

/** Hears what an autoscaler sees and does. */
export interface ScalingObserver {
  /** A period of the metric has ended. */
  onPeriod(period: LoadPeriod): void;
  onChange(change: ScalingChange): void;
}

/** A scalable target and its policies: sees a component's load as its metric tells it, late, and sets its copies. */
export class Autoscaler implements Actor {
  readonly #rule: ScalingRule;
  /** Periods whose metric is not out yet. */
  readonly #unpublished: LoadPeriod[] = [];
  #minCopies: number;
  #maxCopies: number;
  #targetConcurrency: number;
  #scaleInCooldownSeconds: number | undefined;
  #raises: Raise[] = [];
  #isStarting = false;
  #lastPeriod: LoadPeriod | undefined;
  readonly #observers: ScalingObserver[] = [];
  /** Whether the rule may add copies, and whether it may take them. */
  scalesOut = true;
  scalesIn = true;
  /** Whether a refused call starts the first copy. */
  startsFromZero = true;

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

  /** The maximum holds over any minimum. */
  get minCopies(): number {
    const most = this.#raises.reduce((most, { copies }) => Math.max(most, copies), this.#minCopies);
    return Math.min(most, this.#maxCopies);
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

  /** Tells an observer of every period and every change from now on. */
  observe(observer: ScalingObserver): void {
    this.#observers.push(observer);
  }

  /** The tuner's lever: what its policy holds, and the cooldown if that is not the model's. */
  setTarget(concurrency: number, scaleInCooldownSeconds?: number): void {
    this.#targetConcurrency = concurrency;
    this.#scaleInCooldownSeconds = scaleInCooldownSeconds;
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
    this.#raises = this.#raises.filter((raise) => raise.untilUs > this.timeline.nowUs);
    const raise: Raise = { copies, untilUs };
    this.#raises.push(raise);
    this.timeline.at(untilUs, this, END_RAISE);
    this.#keepLimits();
    return () => {
      this.#raises = this.#raises.filter((other) => other !== raise);
    };
  }

  /** The step policy on refused calls. */
  onRefused(): void {
    if (!this.startsFromZero || this.#isStarting || this.pool.desired > 0 || this.#maxCopies === 0) return;
    const { fromZeroAfterSeconds } = this.model;
    if (fromZeroAfterSeconds === 0) {
      this.#startFromZero();
      return;
    }
    this.#isStarting = true;
    this.timeline.at(this.timeline.nowUs + microseconds(fromZeroAfterSeconds), this, START_FROM_ZERO);
  }

  act(what: number): void {
    if (what === END_PERIOD) this.#endPeriod();
    else if (what === START_FROM_ZERO) this.#startFromZero();
    else if (what === END_RAISE) this.#raises = this.#raises.filter(({ untilUs }) => untilUs > this.timeline.nowUs);
    else this.#takeAction(what - FIRST_ACTION);
  }

  get #periodUs(): number {
    return microseconds(this.model.rule.periodSeconds);
  }

  #endPeriod(): void {
    const { average, peak } = this.pool.takeLoad();
    const ended: LoadPeriod = {
      endSeconds: this.timeline.nowUs / 1e6,
      averageConcurrency: average,
      peakConcurrency: peak,
      copiesInService: this.pool.inService,
      desiredCopies: this.pool.desired,
    };
    this.#unpublished.push(ended);
    for (const observer of this.#observers) observer.onPeriod(ended);
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
    const { desired: before } = this.pool;
    const mayChange = desired > before ? this.scalesOut : this.scalesIn;
    if (desired !== before && mayChange) this.#change(clampCopies(desired, limits), 'load');
  }

  #limits() {
    return {
      minCopies: this.minCopies,
      maxCopies: this.#maxCopies,
      targetConcurrency: this.#targetConcurrency,
      scaleInCooldownSeconds: this.#scaleInCooldownSeconds,
    };
  }

  #keepLimits(): void {
    const kept = clampCopies(this.pool.desired, this.#limits());
    if (kept !== this.pool.desired) this.#change(kept, 'limits');
  }

  #change(copies: number, cause: ScalingCause): void {
    const fromCopies = this.pool.desired;
    if (copies === fromCopies) return;
    this.pool.setDesired(copies);
    const change = { atSeconds: this.timeline.nowUs / 1e6, fromCopies, toCopies: copies, cause };
    for (const observer of this.#observers) observer.onChange(change);
  }

  #startFromZero(): void {
    this.#isStarting = false;
    if (this.pool.desired === 0) this.#change(Math.min(1, this.#maxCopies), 'refused-call');
  }

  #planAction(at: number): void {
    const seconds = nextTime(this.model.schedule![at]!, this.timeline.nowUs / 1e6);
    this.timeline.at(microseconds(seconds), this, FIRST_ACTION + at);
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
