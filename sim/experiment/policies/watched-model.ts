import {
  type Activity,
  type ColdStartPath,
  type ComponentStatus,
  componentColdStart,
  pausesOf,
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

/**
 * A model as a warmer sees it, from the outside: it is not told when a start will end, it looks whether it has; and it is
 * told of calls when their runs have ended.
 */
export class WatchedModel {
  /** When the last call that is known of ended; undefined if none is. */
  #calledAtMs: number | undefined;
  #start: NoticedStart | undefined;
  #seenWarmAtUs = -Infinity;
  /** Whether a copy served at the last look; and since when, if it was seen not to before. */
  #isKnownWarm: boolean | undefined;
  #servesSinceMs: number | undefined;
  #declinedUntilMs = 0;

  constructor(
    readonly name: string,
    readonly autoscaler: Autoscaler,
    private readonly pool: CopyPool,
    /** Copies that it keeps without a warmer. */
    readonly ownMinimum: number,
    readonly paths: StartPaths,
  ) {}

  /** As all who read the board know it. */
  get isKnownWarm(): boolean {
    return this.#isKnownWarm === true;
  }

  /** At the last look none served, and none was on its way. */
  get isCold(): boolean {
    return !this.isKnownWarm && !this.#start;
  }

  /** Not warm, but about to be. */
  get isAwaited(): boolean {
    return !this.#isWarm && this.pool.desired > 0;
  }

  /** Whether a run that finds it so asks for it: neither known to be warm nor left cold on purpose. */
  isToAskFor(nowUs: number): boolean {
    return !this.isKnownWarm && this.#declinedUntilMs <= nowUs / 1000;
  }

  /** It is not started for the runs that are known; what was said of that before holds for its time. */
  decline(untilMs: number, nowUs: number): void {
    if (this.#declinedUntilMs <= nowUs / 1000) this.#declinedUntilMs = untilMs;
  }

  /** A call met no copy. @returns whether nobody would have asked for it */
  refused(nowUs: number): boolean {
    const isNews = !this.isToAskFor(nowUs);
    this.#isKnownWarm = false;
    this.#declinedUntilMs = 0;
    return isNews;
  }

  /** Takes in calls that have ended. @returns the pauses between them, in milliseconds */
  told({ spans }: Activity): number[] {
    const pauses = pausesOf(spans, this.#calledAtMs);
    this.#calledAtMs = Math.max(this.#calledAtMs ?? Number.NEGATIVE_INFINITY, spans.at(-1)!.toMs);
    return pauses;
  }

  /** @returns the start that has ended since the last look */
  look(nowUs: number): NoticedStart | undefined {
    const start = this.#start;
    if (!this.#isWarm) this.#servesSinceMs = undefined;
    else if (this.#isKnownWarm === false) this.#servesSinceMs = nowUs / 1000;
    this.#isKnownWarm = this.#isWarm;
    if (this.pool.desired > 0) this.#declinedUntilMs = 0;
    if (this.#isWarm) {
      this.#seenWarmAtUs = nowUs;
      this.#start = undefined;
      return start;
    }
    this.#start = this.pool.desired === 0 ? undefined : (start ?? { path: this.#path(nowUs), sinceUs: nowUs });
    return undefined;
  }

  /** When it is expected to serve, if it is known to start. */
  expectedReadyAtMs(knowledge: WarmKnowledge, nowUs: number): number | undefined {
    return this.#start && this.#start.sinceUs / 1000 + this.#lateStartMs(this.#start.path, knowledge, nowUs);
  }

  /** @param isNeeded whether runs that have not ended are known to call it */
  status(knowledge: WarmKnowledge, isNeeded: boolean, nowUs: number): ComponentStatus {
    const { inService, desired } = this.pool;
    const path = this.#start?.path ?? this.#path(nowUs);
    const readyAtMs = (this.#start?.sinceUs ?? nowUs) / 1000 + this.#lateStartMs(path, knowledge, nowUs);
    const lastCallMs = isNeeded ? nowUs / 1000 : this.#calledAtMs;
    return {
      copies: inService,
      startingReadyAtMs: Array<number>(Math.max(0, desired - inService)).fill(readyAtMs),
      path,
      ...(this.#servesSinceMs !== undefined && { servesSinceMs: this.#servesSinceMs }),
      callsInFlight: 0,
      targetConcurrency: this.autoscaler.targetConcurrency,
      ...(lastCallMs !== undefined && { lastCallMs }),
    };
  }

  get #isWarm(): boolean {
    return this.pool.inService > 0;
  }

  #lateStartMs(path: ColdStartPath, knowledge: WarmKnowledge, nowUs: number): number {
    return quantileMs(componentColdStart(knowledge, this.name, path, nowUs / 1000), 0.9);
  }

  /** Of a model that is warm: where the next copy starts, be it because of its load or after it was let go. */
  #path(nowUs: number): ColdStartPath {
    const { afresh, again, againWithinUs } = this.paths;
    return !this.#isWarm && nowUs - this.#seenWarmAtUs < againWithinUs ? again : afresh;
  }
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
