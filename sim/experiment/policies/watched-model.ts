import {
  type ColdStartPath,
  type ComponentStatus,
  componentColdStart,
  quantileMs,
  type WarmKnowledge,
} from '../../../core/warm';
import type { Autoscaler } from '../../control/autoscaler';
import type { CopyPool } from '../../serving/copy-pool';
import type { ComponentModel, WorldModel } from '../../world/world-model';

/** A start that the warmer has noticed. */
export interface NoticedStart {
  readonly path: ColdStartPath;
  readonly sinceUs: number;
}

/** A model as a warmer sees it, from the outside: it is not told when a start will end, it looks whether it has. */
export class WatchedModel {
  /** Nodes that call it now. */
  callers = 0;
  /** When it was last called; undefined if it never was. */
  #calledAtUs: number | undefined;
  #start: NoticedStart | undefined;
  #seenWarmAtUs = -Infinity;
  /** Open runs and callers when a decision last looked at it while it was not warm. */
  #askedRuns = 0;
  #askedCallers = 0;

  constructor(
    readonly name: string,
    readonly autoscaler: Autoscaler,
    private readonly pool: CopyPool,
    /** Copies that it keeps without a warmer. */
    readonly ownMinimum: number,
    readonly paths: StartPaths,
  ) {}

  get isWarm(): boolean {
    return this.pool.inService > 0;
  }

  /** No copy serves, and none is on its way. */
  get isCold(): boolean {
    return this.pool.inService === 0 && this.pool.desired === 0;
  }

  /** Not warm, but about to be, or about to be started by its autoscaler. */
  get isAwaited(): boolean {
    return !this.isWarm && (this.pool.desired > 0 || this.callers > 0);
  }

  /** @returns for how long it had not been called; undefined if it was, or never before */
  begin(nowUs: number): number | undefined {
    return this.callers++ === 0 && this.#calledAtUs !== undefined ? nowUs - this.#calledAtUs : undefined;
  }

  end(nowUs: number): void {
    this.callers--;
    this.#calledAtUs = nowUs;
  }

  /** @returns the start that has ended since the last look */
  look(nowUs: number): NoticedStart | undefined {
    const start = this.#start;
    if (this.isWarm) this.forget();
    if (this.isWarm) {
      this.#seenWarmAtUs = nowUs;
      this.#start = undefined;
      return start;
    }
    this.#start = this.isCold ? undefined : (start ?? { path: this.#path(nowUs), sinceUs: nowUs });
    return undefined;
  }

  status(knowledge: WarmKnowledge, nowUs: number): ComponentStatus {
    const { inService, desired } = this.pool;
    const path = this.#start?.path ?? this.#path(nowUs);
    const startMs = quantileMs(componentColdStart(knowledge, this.name, path, nowUs / 1000), 0.9);
    const readyAtMs = (this.#start?.sinceUs ?? nowUs) / 1000 + startMs;
    return {
      copies: inService,
      startingReadyAtMs: Array<number>(Math.max(0, desired - inService)).fill(readyAtMs),
      path,
      callsInFlight: this.callers,
      ...(this.#calledAtUs !== undefined && { lastCallMs: this.#calledAtUs / 1000 }),
    };
  }

  /** Whether it is not warm, and twice as many runs or callers speak for it as when a decision last looked at it. */
  isNewQuestion(runs: number): boolean {
    return !this.isWarm && (isMuchMore(runs, this.#askedRuns) || isMuchMore(this.callers, this.#askedCallers));
  }

  answered(runs: number): void {
    this.#askedRuns = runs;
    this.#askedCallers = this.callers;
  }

  forget(): void {
    this.#askedRuns = 0;
    this.#askedCallers = 0;
  }

  /** Of a model that is warm: where the next copy starts, be it because of its load or after it was let go. */
  #path(nowUs: number): ColdStartPath {
    const { afresh, again, againWithinUs } = this.paths;
    return !this.isWarm && nowUs - this.#seenWarmAtUs < againWithinUs ? again : afresh;
  }
}

function isMuchMore(count: number, before: number): boolean {
  return count >= Math.max(1, 2 * before);
}

/** Where a copy starts: on an instance that was left by one not long ago, or from the beginning. */
export interface StartPaths {
  readonly afresh: ColdStartPath;
  readonly again: ColdStartPath;
  readonly againWithinUs: number;
}

export function startPathsOf(component: ComponentModel, { fleets }: WorldModel): StartPaths {
  if (component.kind !== 'inference-component') {
    return { afresh: 'imported-model', again: 'imported-model', againWithinUs: 0 };
  }
  const { instances, scaleIn } = fleets[component.fleet]!;
  const isImageCached = instances.every(({ imageCached }) => imageCached);
  return {
    afresh: isImageCached ? 'new-instance-cached-image' : 'new-instance',
    again: 'cached-instance',
    againWithinUs: scaleIn.cooldownMinutes * 60e6,
  };
}
