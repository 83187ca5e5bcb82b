import type { ComputeNeeds, Host, Place } from '../hosting/host';
import type { RandomStream } from '../kernel/random';
import { microseconds } from '../kernel/time-units';
import type { Actor, Timeline } from '../kernel/timeline';
import {
  type ColdStartProfile,
  type ColdStartStage,
  durationSeconds,
  type PlannedStage,
  planColdStart,
  stageAt,
} from './cold-start';
import { Copy } from './copy';
import type { CopyProfile, Work } from './copy-profile';
import type { Router } from './router';
import type { RequestListener, Sequence } from './sequence';

export interface CopyPoolModel {
  readonly copy: CopyProfile;
  readonly coldStart: ColdStartProfile;
  readonly needs: ComputeNeeds;
  /** Calls a copy takes at once; further ones are refused as `throttled`. @default they queue in the copy */
  readonly maxConcurrencyPerCopy?: number;
}

export type CopyState =
  /** Waits for an instance with room. */
  | { readonly status: 'pending' }
  | { readonly status: 'starting'; readonly stage: ColdStartStage; readonly remainingSeconds: number }
  | { readonly status: 'in-service'; readonly concurrency: number }
  /** Taken: it finishes its requests and gets no others. */
  | { readonly status: 'draining'; readonly concurrency: number };

/** Why a call was not taken; no call is ever queued outside a copy. */
export type Refusal = 'no-capacity' | 'throttled';

interface PendingCopy {
  readonly replaces: ServingCopy | undefined;
  withdraw: () => void;
}

interface StartingCopy {
  readonly place: Place;
  readonly startedAtUs: number;
  readonly readyAtUs: number;
  readonly stages: readonly PlannedStage[];
  /** What this one stands in for, and ends once it serves. */
  readonly replaces: ServingCopy | undefined;
}

class ServingCopy {
  isMoving = false;

  constructor(
    readonly place: Place,
    readonly copy: Copy,
  ) {}

  get concurrency(): number {
    return this.copy.concurrency;
  }
}

/** A request under way, by which it can be taken back. */
export interface Request {
  /** Takes the request out, freeing its place; its listener hears no more of it. */
  cancel(): void;
}

/** One that a copy has in hand. */
export interface CopyRequest extends Request {
  /** How many of its tokens are out by now. */
  readonly tokensOut: number;
}

/** One that moves is to end in any case, and its host waits for that. */
function losesLess(a: ServingCopy, b: ServingCopy): boolean {
  return a.isMoving === b.isMoving ? a.concurrency < b.concurrency : a.isMoving;
}

/** A call in one of the copies. */
class PooledRequest implements CopyRequest, RequestListener {
  #sequence: Sequence | undefined;
  #isOver = false;

  constructor(
    private readonly listener: RequestListener,
    private readonly serving: ServingCopy,
    private readonly onLeave: () => void,
  ) {}

  get tokensOut(): number {
    return this.#sequence === undefined ? 0 : this.serving.copy.tokensOut(this.#sequence);
  }

  submit(work: Work): this {
    this.#sequence = this.serving.copy.submit(work, this);
    return this;
  }

  onFirstToken(atUs: number): void {
    this.listener.onFirstToken?.(atUs);
  }

  onDone(atUs: number, queuedUs: number): void {
    this.#isOver = true;
    this.onLeave();
    this.serving.place.firstServed();
    this.listener.onDone(atUs, queuedUs);
  }

  cancel(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.onLeave();
    if (this.#sequence) this.serving.copy.cancel(this.#sequence);
  }
}

/** The copies of one component, kept at a desired count, and the calls to them. */
export class CopyPool implements Actor {
  #desired = 0;
  #pending: PendingCopy[] = [];
  #starting: StartingCopy[] = [];
  #serving: ServingCopy[] = [];
  #draining: ServingCopy[] = [];
  #concurrency = 0;
  /** Of concurrency over time. */
  #requestUs = 0;
  #peakConcurrency = 0;
  #measuredAtUs = 0;
  #changedAtUs = 0;

  constructor(
    readonly name: string,
    private readonly model: CopyPoolModel,
    private readonly host: Host,
    private readonly router: Router,
    private readonly timeline: Timeline,
    private readonly random: RandomStream,
  ) {}

  get desired(): number {
    return this.#desired;
  }

  get inService(): number {
    return this.#serving.length;
  }

  /** Calls that copies have in hand. */
  get concurrency(): number {
    return this.#concurrency;
  }

  /** When the first copy under way will serve; Infinity if none is. */
  get nextReadyAtUs(): number {
    return this.#starting.reduce((first, { readyAtUs }) => Math.min(first, readyAtUs), Infinity);
  }

  get states(): CopyState[] {
    const busy = (status: 'in-service' | 'draining') => (serving: ServingCopy) => ({
      status,
      concurrency: serving.concurrency,
    });
    return [
      ...this.#serving.map(busy('in-service')),
      ...this.#starting.map((starting) => this.#stateOf(starting)),
      ...this.#pending.map((): CopyState => ({ status: 'pending' })),
      ...this.#draining.map(busy('draining')),
    ];
  }

  /** Average and highest concurrency since the last look. */
  takeLoad(): { readonly average: number; readonly peak: number } {
    this.#measure(0);
    const { nowUs } = this.timeline;
    const us = nowUs - this.#measuredAtUs;
    const load = { average: us > 0 ? this.#requestUs / us : this.#concurrency, peak: this.#peakConcurrency };
    this.#requestUs = 0;
    this.#peakConcurrency = this.#concurrency;
    this.#measuredAtUs = nowUs;
    this.#changedAtUs = nowUs;
    return load;
  }

  /** Puts a copy into service that was started before the world's time began. */
  addStarted(place: Place): void {
    this.#desired++;
    this.#serve(place);
  }

  /** Whether a call may come in. */
  admit(): 'admitted' | Refusal {
    if (this.#serving.length === 0) return 'no-capacity';
    return this.#open.length > 0 ? 'admitted' : 'throttled';
  }

  submit(work: Work, listener: RequestListener, key = 0): CopyRequest | Refusal {
    const admission = this.admit();
    if (admission !== 'admitted') return admission;
    const serving = this.router(this.#open, key, work.prefix);
    this.#measure(1);
    return new PooledRequest(listener, serving, this.#leave).submit(work);
  }

  /** Starts and takes copies to meet the count. A copy that is taken finishes its requests, and only then leaves its place. */
  setDesired(count: number): void {
    this.#desired = count;
    while (this.#count() < count) this.#request(undefined);
    while (this.#count() > count) this.#takeOne();
  }

  act(): void {
    const { nowUs } = this.timeline;
    const ready = this.#starting.filter(({ readyAtUs }) => readyAtUs <= nowUs);
    if (ready.length === 0) return;
    this.#starting = this.#starting.filter(({ readyAtUs }) => readyAtUs > nowUs);
    for (const { place, replaces } of ready) {
      this.#serve(place);
      if (replaces) this.#drain(replaces);
    }
  }

  /** Copies that take another call. */
  get #open(): readonly ServingCopy[] {
    const limit = this.model.maxConcurrencyPerCopy;
    return limit === undefined ? this.#serving : this.#serving.filter(({ concurrency }) => concurrency < limit);
  }

  #count(): number {
    const moving = this.#serving.reduce((count, { isMoving }) => count + (isMoving ? 1 : 0), 0);
    return this.#pending.length + this.#starting.length + this.#serving.length - moving;
  }

  #request(replaces: ServingCopy | undefined): void {
    const pending: PendingCopy = { replaces, withdraw: () => {} };
    this.#pending.push(pending);
    pending.withdraw = this.host.place(this.name, this.model.needs, (place) => {
      this.#pending = this.#pending.filter((other) => other !== pending);
      this.#start(place, replaces);
    });
  }

  #start(place: Place, replaces: ServingCopy | undefined): void {
    const { nowUs } = this.timeline;
    const provisionSeconds = Math.max(0, place.upAtUs - nowUs) / 1e6;
    const stages = planColdStart(this.model.coldStart, { provisionSeconds, ...place }, this.random);
    const readyAtUs = nowUs + microseconds(durationSeconds(stages));
    this.#starting.push({ place, startedAtUs: nowUs, readyAtUs, stages, replaces });
    this.timeline.at(readyAtUs, this);
  }

  #serve(place: Place): void {
    const serving = new ServingCopy(place, new Copy(this.model.copy, this.timeline));
    this.#serving.push(serving);
    place.inService();
    place.onEvict(() => {
      // One that drains leaves by itself.
      if (serving.isMoving || !this.#serving.includes(serving)) return;
      serving.isMoving = true;
      this.#request(serving);
    });
  }

  /** Takes the copy that loses least: one that waits for room, else the last to start, else one that is to end, else the least busy. */
  #takeOne(): void {
    if (this.#withdrawReplacing(undefined)) return;
    const taken = this.#serving.reduce((least, other) => (losesLess(other, least) ? other : least));
    if (taken.isMoving) this.#withdrawReplacing(taken);
    this.#drain(taken);
  }

  /** Takes the last copy on its way that stands in for the given one, or for none. */
  #withdrawReplacing(serving: ServingCopy | undefined): boolean {
    const pending = this.#pending.findLast(({ replaces }) => replaces === serving);
    if (pending) {
      this.#pending = this.#pending.filter((other) => other !== pending);
      pending.withdraw();
      return true;
    }
    const starting = this.#starting.findLast(({ replaces }) => replaces === serving);
    if (!starting) return false;
    this.#starting = this.#starting.filter((other) => other !== starting);
    starting.place.leave();
    return true;
  }

  #drain(serving: ServingCopy): void {
    if (!this.#serving.includes(serving)) return;
    this.#serving = this.#serving.filter((other) => other !== serving);
    this.#draining.push(serving);
    serving.copy.drain(() => {
      this.#draining = this.#draining.filter((other) => other !== serving);
      serving.place.leave();
    });
  }

  readonly #leave = () => this.#measure(-1);

  /** Books the concurrency so far, then changes it. */
  #measure(change: -1 | 0 | 1): void {
    const { nowUs } = this.timeline;
    this.#requestUs += this.#concurrency * (nowUs - this.#changedAtUs);
    this.#changedAtUs = nowUs;
    this.#concurrency += change;
    if (this.#concurrency > this.#peakConcurrency) this.#peakConcurrency = this.#concurrency;
  }

  #stateOf({ startedAtUs, stages }: StartingCopy): CopyState {
    const elapsedSeconds = (this.timeline.nowUs - startedAtUs) / 1e6;
    return {
      status: 'starting',
      // A clock may wake late: a start past its end is still in its last stage.
      stage: stageAt(stages, elapsedSeconds) ?? 'engine-init',
      remainingSeconds: Math.max(0, durationSeconds(stages) - elapsedSeconds),
    };
  }
}
