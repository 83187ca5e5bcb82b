import type { Clock, Timer } from '../core/run/call';
import {
  type ColdStartProfile,
  type ColdStartStage,
  durationSeconds,
  type PlannedStage,
  planColdStart,
  stageAt,
} from './cold-start';
import { Copy } from './copy';
import type { CopyProfile } from './copy-profile';
import type { RandomStream } from './random';

export interface CopiesProfile {
  readonly copy: CopyProfile;
  readonly coldStart: ColdStartProfile;
  /** How long an instance whose copy has gone keeps image and weights for another copy. */
  readonly instanceRetentionSeconds: number;
}

export type CopyState =
  | { readonly status: 'starting'; readonly stage: ColdStartStage; readonly remainingSeconds: number }
  | { readonly status: 'in-service'; readonly concurrency: number }
  /** Taken: it finishes its requests and gets no others. */
  | { readonly status: 'draining'; readonly concurrency: number };

interface StartingCopy {
  readonly startedAtMs: number;
  readonly stages: readonly PlannedStage[];
  readonly timer: Timer;
}

/** The copies of one component, each on an instance of its own, kept at a desired count. */
export class Copies {
  #desired = 0;
  #starting: StartingCopy[] = [];
  #inService: Copy[] = [];
  #draining: Copy[] = [];
  /** Until when each instance without a copy is kept. */
  #idleInstancesUntilMs: number[] = [];

  constructor(
    private readonly profile: CopiesProfile,
    private readonly clock: Clock,
    private readonly random: RandomStream,
  ) {}

  get desired(): number {
    return this.#desired;
  }

  get inService(): readonly Copy[] {
    return this.#inService;
  }

  get states(): CopyState[] {
    const inService = this.#inService.map(({ concurrency }): CopyState => ({ status: 'in-service', concurrency }));
    const draining = this.#draining.map(({ concurrency }): CopyState => ({ status: 'draining', concurrency }));
    return [...inService, ...this.#starting.map((copy) => this.#stateOf(copy)), ...draining];
  }

  /** Puts a copy into service that was started before the world's time began. */
  addStarted(): void {
    this.#desired += 1;
    this.#inService.push(new Copy(this.profile.copy, this.clock));
  }

  /** Starts and takes copies to meet the count. A copy that is taken finishes its requests, and only then frees its instance. */
  setDesired(count: number): void {
    this.#desired = count;
    while (this.#starting.length + this.#inService.length < count) this.#start();
    while (this.#starting.length + this.#inService.length > count) this.#takeOne();
  }

  /** The copy with the fewest requests, the oldest of equals. */
  leastOutstanding(): Copy | undefined {
    let least: Copy | undefined;
    for (const copy of this.#inService) if (!least || copy.concurrency < least.concurrency) least = copy;
    return least;
  }

  #start(): void {
    const nowMs = this.clock.now();
    const stages = this.#planStart(nowMs);
    const ready = () => {
      this.#starting = this.#starting.filter((other) => other !== starting);
      this.#inService.push(new Copy(this.profile.copy, this.clock));
    };
    const timer = this.clock.setTimer(ready, durationSeconds(stages) * 1000);
    const starting: StartingCopy = { startedAtMs: nowMs, stages, timer };
    this.#starting.push(starting);
  }

  #planStart(nowMs: number): PlannedStage[] {
    const { coldStart } = this.profile;
    this.#idleInstancesUntilMs = this.#idleInstancesUntilMs.filter((untilMs) => untilMs > nowMs);
    const foundInstance = this.#idleInstancesUntilMs.pop() !== undefined;
    if (foundInstance) return planColdStart(coldStart, 'cached-instance', this.random);
    return planColdStart(coldStart, coldStart.imageCached ? 'new-instance-cached-image' : 'new-instance', this.random);
  }

  /** Takes the copy that loses least: the last to start, else the least busy. */
  #takeOne(): void {
    const starting = this.#starting.pop();
    if (starting) {
      this.clock.clearTimer(starting.timer);
      return;
    }
    const copy = this.leastOutstanding()!;
    this.#inService = this.#inService.filter((other) => other !== copy);
    this.#draining.push(copy);
    copy.drain(() => {
      this.#draining = this.#draining.filter((other) => other !== copy);
      this.#idleInstancesUntilMs.push(this.clock.now() + this.profile.instanceRetentionSeconds * 1000);
    });
  }

  #stateOf({ startedAtMs, stages }: StartingCopy): CopyState {
    const elapsedSeconds = (this.clock.now() - startedAtMs) / 1000;
    return {
      status: 'starting',
      // A clock may wake late: a start past its end is still in its last stage.
      stage: stageAt(stages, elapsedSeconds) ?? 'engine-init',
      remainingSeconds: Math.max(0, durationSeconds(stages) - elapsedSeconds),
    };
  }
}
