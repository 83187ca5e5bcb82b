import type { Clock, Timer } from '../core/run/call';
import { Copies, type CopiesProfile, type CopyState } from './copies';
import type { Request, RequestListener } from './copy';
import type { Work } from './copy-profile';
import { randomStream } from './random';
import { METRIC_PERIOD_SECONDS, type ScalingProfile, trackTarget, UNTRACKED } from './target-tracking';

/** How a component that runs in copies behaves, as plain data. */
export interface ComponentBehaviour extends CopiesProfile {
  readonly scaling: ScalingProfile;
  /** Calls a copy takes at once; further ones are refused as `throttled`. If left out, they queue in the copy. */
  readonly maxConcurrencyPerCopy?: number;
}

/** Why a call was not taken; no call is ever queued outside a copy. */
export type Refusal = 'no-capacity' | 'throttled';

export interface ComponentState {
  readonly desiredCopies: number;
  readonly copies: readonly CopyState[];
}

/** A component and its copies, from cold over starting to in service and back. Begins with its minimum in service. */
export class Component {
  readonly #copies: Copies;
  #fromZeroTimer: Timer;
  #metricTimer: Timer;
  #tracking = UNTRACKED;
  #peakConcurrency = 0;

  constructor(
    name: string,
    private readonly behaviour: ComponentBehaviour,
    private readonly clock: Clock,
    seed: number,
  ) {
    this.#copies = new Copies(behaviour, clock, randomStream(seed, name, 'cold-start'));
    while (this.#copies.desired < behaviour.scaling.minCopies) this.#copies.addStarted();
    this.#measure();
  }

  get state(): ComponentState {
    return { desiredCopies: this.#copies.desired, copies: this.#copies.states };
  }

  /** Whether a call may come in. One that meets no copy wakes the component. */
  admit(): 'admitted' | Refusal {
    const copy = this.#copies.leastOutstanding();
    if (!copy) {
      this.#wake();
      return 'no-capacity';
    }
    return copy.concurrency < (this.behaviour.maxConcurrencyPerCopy ?? Infinity) ? 'admitted' : 'throttled';
  }

  submit(work: Work, listener: RequestListener): Request | Refusal {
    const admission = this.admit();
    if (admission !== 'admitted') return admission;
    const request = this.#copies.leastOutstanding()!.submit(work, listener);
    this.#peakConcurrency = Math.max(this.#peakConcurrency, this.#concurrency());
    return request;
  }

  /**
   * Sets the number of copies by hand; scaling goes on from there, and a metric period later raises them to their minimum.
   *
   * @throws RangeError outside 0 to the maximum.
   */
  setDesiredCopies(count: number): void {
    const { maxCopies } = this.behaviour.scaling;
    if (!(Number.isInteger(count) && count >= 0 && count <= maxCopies)) {
      throw new RangeError(`copies must be a whole number from 0 to ${maxCopies}, got: ${count}`);
    }
    this.#copies.setDesired(count);
    this.#measure();
  }

  /** The step policy on refused calls: target tracking has no metric at zero copies. */
  #wake(): void {
    if (this.#copies.desired > 0 || this.#fromZeroTimer !== undefined) return;
    const startOne = () => {
      this.#fromZeroTimer = undefined;
      if (this.#copies.desired === 0) this.setDesiredCopies(1);
    };
    const delaySeconds = this.behaviour.scaling.fromZeroAfterSeconds;
    if (delaySeconds === 0) startOne();
    else this.#fromZeroTimer = this.clock.setTimer(startOne, delaySeconds * 1000);
  }

  /** Evaluates the metric period by period for as long as there are copies, or should be. */
  #measure(): void {
    const needsNoCopy = this.#copies.desired === 0 && this.behaviour.scaling.minCopies === 0;
    if (this.#metricTimer !== undefined || needsNoCopy) return;
    const endPeriod = () => {
      this.#metricTimer = undefined;
      this.#track();
      this.#measure();
    };
    this.#metricTimer = this.clock.setTimer(endPeriod, METRIC_PERIOD_SECONDS * 1000);
  }

  #track(): void {
    const load = {
      peakConcurrency: this.#peakConcurrency,
      copiesInService: this.#copies.inService.length,
      desiredCopies: this.#copies.desired,
    };
    this.#peakConcurrency = this.#concurrency();
    const { state, desiredCopies: tracked } = trackTarget(this.#tracking, load, this.behaviour.scaling);
    this.#tracking = state;
    const desiredCopies = Math.max(tracked, this.behaviour.scaling.minCopies);
    if (desiredCopies !== load.desiredCopies) this.setDesiredCopies(desiredCopies);
  }

  #concurrency(): number {
    return this.#copies.inService.reduce((sum, copy) => sum + copy.concurrency, 0);
  }
}
