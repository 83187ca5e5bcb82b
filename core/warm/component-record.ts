import type { ColdStartPath } from './cold-start';
import { componentColdStart, type WarmKnowledge } from './knowledge';
import { meanMs, quantileMs } from './log-normal';
import type { ComponentStatus } from './policy';

/** What was last seen of a component. Plain data, shared by all. */
export interface ComponentRecord {
  readonly observedAtMs: number;
  /** Copies that served. */
  readonly copies: number;
  /** Copies that there should be. */
  readonly desiredCopies: number;
  /** Of a component that is not warm: the start under way. */
  readonly start?: ComponentStart;
  /** When it was last seen to serve. */
  readonly warmAtMs?: number;
  /** When it was first seen to, since it last was seen not to. */
  readonly servesSinceMs?: number;
  /** When more copies were first seen to serve than before. */
  readonly risenAtMs?: number;
  /** What a run that finds it cold is expected to wait for it if nobody starts it earlier. */
  readonly coldStartMs: number;
  /** Left out if no policy tracks one. */
  readonly target?: SeenTarget;
  /** Of a component of which nothing starts: by agent, that it is not started for its runs for now. */
  readonly declined?: Readonly<Record<string, Decline>>;
}

/** A decision against a start. */
export interface Decline {
  readonly atMs: number;
  /** Until when nobody need ask again. */
  readonly untilMs: number;
}

/** The target of a scaling policy as it was when it was seen. */
export interface SeenTarget {
  /** Calls that a copy is to serve at once. */
  readonly concurrency: number;
  readonly seenAtMs: number;
}

export interface ComponentStart {
  readonly path: ColdStartPath;
  /** When it was noticed. */
  readonly sinceMs: number;
  /** When it is expected to end: the 90th percentile. */
  readonly readyAtMs: number;
}

/** Where copies of a component start. */
export interface StartPaths {
  /** After it has been without a copy for long. */
  readonly afresh: ColdStartPath;
  /** If that is not so long ago. */
  readonly again?: { readonly path: ColdStartPath; readonly withinMs: number };
}

export interface CopyCounts {
  readonly copies: number;
  readonly desiredCopies: number;
  readonly target?: SeenTarget;
}

/** A start that has ended between two looks. */
export interface EndedStart {
  readonly path: ColdStartPath;
  readonly durationMs: number;
}

/** The schedule looks every minute: what two of its looks have missed is not known any more. */
const FRESH_MS = 150_000;

/** Notes what is seen of a component now; also the start that has ended since the last look. */
export function lookAt(
  key: string,
  before: ComponentRecord | undefined,
  { copies, desiredCopies, target }: CopyCounts,
  paths: StartPaths,
  knowledge: WarmKnowledge,
  nowMs: number,
): { readonly record: ComponentRecord; readonly ended?: EndedStart } {
  const isWarm = copies > 0;
  const path = before?.start?.path ?? startPath(before, isWarm, paths, nowMs);
  const coldStart = componentColdStart(knowledge, key, path, nowMs);
  const sinceMs = before?.start?.sinceMs ?? nowMs;
  const servesSinceMs = before?.copies === 0 ? nowMs : before?.servesSinceMs;
  const risenAtMs = before && copies > before.copies ? nowMs : before?.risenAtMs;
  const record: ComponentRecord = {
    observedAtMs: nowMs,
    copies,
    desiredCopies,
    coldStartMs: coldStart.reactionMs + meanMs(coldStart),
    ...(target && { target }),
    ...(isWarm ? { warmAtMs: nowMs } : before?.warmAtMs !== undefined && { warmAtMs: before.warmAtMs }),
    ...(isWarm && servesSinceMs !== undefined && { servesSinceMs }),
    ...(isWarm && risenAtMs !== undefined && { risenAtMs }),
    ...(desiredCopies === 0 && !isWarm && before?.declined && { declined: before.declined }),
    ...(!isWarm && desiredCopies > 0 && { start: { path, sinceMs, readyAtMs: sinceMs + quantileMs(coldStart, 0.9) } }),
  };
  const ended = isWarm && before?.start ? { path: before.start.path, durationMs: nowMs - sinceMs } : undefined;
  return { record, ...(ended && { ended }) };
}

/**
 * Whether a component is known to serve. What is out of date is not known: better warmed once more than found cold.
 *
 * @param refusedAtMs when it last refused a call because none of its copies served: what was seen up to then is refuted
 */
export function isKnownWarm(
  record: ComponentRecord | undefined,
  nowMs: number,
  refusedAtMs = Number.NEGATIVE_INFINITY,
): boolean {
  return record !== undefined && record.copies > 0 && isFresh(record, nowMs) && record.observedAtMs > refusedAtMs;
}

/**
 * Whether no run of an agent need ask for a component.
 *
 * @param refusedAtMs when it last refused a call: the decision was made without that one
 */
export function isDeclined(
  record: ComponentRecord | undefined,
  agent: string,
  nowMs: number,
  refusedAtMs = Number.NEGATIVE_INFINITY,
): boolean {
  const declined = record?.declined?.[agent];
  return declined !== undefined && declined.untilMs > nowMs && declined.atMs > refusedAtMs;
}

/** When a component that is known to start is expected to serve. */
export function expectedReadyAtMs(record: ComponentRecord | undefined, nowMs: number): number | undefined {
  return record && record.copies === 0 && isFresh(record, nowMs) ? record.start?.readyAtMs : undefined;
}

/** The component as decisions see it. */
export function statusOf(
  key: string,
  record: ComponentRecord,
  paths: StartPaths,
  knowledge: WarmKnowledge,
  lastCallMs: number | undefined,
  nowMs: number,
): ComponentStatus {
  const isWarm = isKnownWarm(record, nowMs);
  const copies = isWarm ? record.copies : 0;
  const path = record.start?.path ?? startPath(record, isWarm, paths, nowMs);
  const lateMs = quantileMs(componentColdStart(knowledge, key, path, nowMs), 0.9);
  const missing = isFresh(record, nowMs) ? Math.max(0, record.desiredCopies - record.copies) : 0;
  return {
    copies,
    startingReadyAtMs: Array<number>(missing).fill(record.start?.readyAtMs ?? nowMs + lateMs),
    path,
    ...(isWarm && record.servesSinceMs !== undefined && { servesSinceMs: record.servesSinceMs }),
    callsInFlight: 0,
    ...(record.target && { targetConcurrency: record.target.concurrency }),
    ...(lastCallMs !== undefined && { lastCallMs }),
  };
}

/** Of a component that is warm: where the next copy starts, be it because of its load or after it was let go. */
function startPath(
  record: ComponentRecord | undefined,
  isWarm: boolean,
  { afresh, again }: StartPaths,
  nowMs: number,
): ColdStartPath {
  const goneMs = nowMs - (record?.warmAtMs ?? Number.NEGATIVE_INFINITY);
  return !isWarm && again && goneMs < again.withinMs ? again.path : afresh;
}

function isFresh({ observedAtMs }: ComponentRecord, nowMs: number): boolean {
  return nowMs - observedAtMs < FRESH_MS;
}
