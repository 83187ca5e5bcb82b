/** What an orchestrator knows when it may ask the warmer for what the open runs of an agent find cold. */
export interface AskingSituation {
  readonly openRuns: number;
  /** How many of these the warmer was told of. */
  readonly toldRuns: number;
  /** When it was last asked; undefined if it never was. */
  readonly askedAtMs: number | undefined;
  /** Of each component that is not known to be warm: when it is expected to serve, if it is known to start. */
  readonly coldReadyAtMs: readonly (number | undefined)[];
}

/** A process asks once in so long; if it ends before it has, another does after that. */
export const ASKING_PAUSE_MS = 10_000;

/** For runs that the warmer was told of and for which nothing starts: the message, or what came of it, may be lost. */
const AGAIN_MS = 30_000;

/** Open runs that a message names, the newest. */
export const MAX_TOLD_RUNS = 32;

/** Whether to ask: if nobody has started what is cold, or if the warmer was told of at most half of the runs that want it. */
export function isTimeToAsk({ openRuns, toldRuns, askedAtMs, coldReadyAtMs }: AskingSituation, nowMs: number): boolean {
  if (openRuns === 0 || coldReadyAtMs.length === 0) return false;
  const pauseMs = toldRuns < openRuns ? ASKING_PAUSE_MS : AGAIN_MS;
  if (nowMs - (askedAtMs ?? Number.NEGATIVE_INFINITY) < pauseMs) return false;
  const isJoined = coldReadyAtMs.every((readyAtMs) => (readyAtMs ?? 0) > nowMs);
  return !isJoined || openRuns - toldRuns >= Math.max(1, toldRuns);
}
