import { HOUR_MS } from '../time-units';
import type { StepDirection } from './safe-step';

/** When the policy of a component was written, and which way its target went. */
export interface ChangeHistory {
  /** Policy writes of the last hour, oldest first. */
  readonly writesMs: readonly number[];
  /** Those of them that went the other way than one of the hour before. */
  readonly turnsMs?: readonly number[];
  readonly lastChangeMs?: number;
  readonly lastDirection?: StepDirection;
}

export interface ChangeRequest {
  readonly direction: StepDirection;
  readonly history: ChangeHistory;
  /** P90 of the time from the start of a copy until it serves. */
  readonly coldStartSeconds: number;
  /** Ticks in a row that found slack. */
  readonly slackTicks: number;
  /** Cold starts in the window behind the verdict: its latency is not that of warm copies. */
  readonly coldStarts: number;
}

export const MAX_WRITES_PER_HOUR = 4;
export const SLACK_TICKS_TO_RAISE = 3;
export const LOWER_EVERY_MS = 5 * 60_000;
const RAISE_EVERY_MS = 15 * 60_000;

/** In an hour. */
const FLAPPING_TURNS = 2;

export const NO_CHANGES: ChangeHistory = { writesMs: [] };

export function recordWrite(history: ChangeHistory, direction: StepDirection, nowMs: number): ChangeHistory {
  const { turnsMs = [], lastChangeMs = -Infinity, lastDirection } = history;
  const isTurn = lastDirection !== undefined && direction !== lastDirection && lastChangeMs > nowMs - HOUR_MS;
  return {
    writesMs: [...recent(history.writesMs, nowMs), nowMs],
    turnsMs: [...recent(turnsMs, nowMs), ...(isTurn ? [nowMs] : [])],
    lastChangeMs: nowMs,
    lastDirection: direction,
  };
}

/** Whether a target goes up and down. One turn is a change that was taken back; steps one way are a correction. */
export function isFlapping({ turnsMs = [] }: ChangeHistory, nowMs: number): boolean {
  return recent(turnsMs, nowMs).length >= FLAPPING_TURNS;
}

/** A restored policy is a write as well. */
export function mayRestore(history: ChangeHistory, nowMs: number): boolean {
  return recent(history.writesMs, nowMs).length < MAX_WRITES_PER_HOUR;
}

/** Why a target must not change now, or `undefined` if it may. */
export function changeRefusal(request: ChangeRequest, nowMs: number): string | undefined {
  const { direction, history } = request;
  const writes = recent(history.writesMs, nowMs).length;
  // A raise leaves one write to take it back.
  const allowed = direction === 'lower' ? MAX_WRITES_PER_HOUR : MAX_WRITES_PER_HOUR - 1;
  if (writes >= allowed) return `${writes} policy writes in the last hour, at most ${allowed} to ${direction} a target`;

  const pauseMs =
    direction === 'lower' ? LOWER_EVERY_MS : Math.max(RAISE_EVERY_MS, 3 * request.coldStartSeconds * 1000);
  const sinceMs = nowMs - (history.lastChangeMs ?? -Infinity);
  if (sinceMs < pauseMs) return `changed ${minutes(sinceMs)} min ago, next in ${minutes(pauseMs - sinceMs)} min`;

  if (direction === 'lower') return undefined;
  if (request.slackTicks < SLACK_TICKS_TO_RAISE)
    return `slack for ${request.slackTicks} of ${SLACK_TICKS_TO_RAISE} ticks`;
  if (request.coldStarts > 0) return `${request.coldStarts} cold starts in the window`;
  return undefined;
}

function recent(timesMs: readonly number[], nowMs: number): readonly number[] {
  return timesMs.filter((atMs) => atMs > nowMs - HOUR_MS);
}

const minutes = (ms: number) => Math.round(ms / 6000) / 10;
