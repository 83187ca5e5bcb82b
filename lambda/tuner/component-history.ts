import type { ArrivalSlot, ComponentState, OutcomeMinute } from '../../core/scale';
import { MINUTES_KEPT, measureCalls } from '../../core/scale/measured-calls';
import { poolLatencies } from '../../core/scale/pooled-latency';
import type { ComponentObservation } from '../../core/scale/tuner/observation';
import { MINUTE_MS } from '../../core/time-units';
import type { ComponentMinute, MeasuredComponent } from './component-metrics';

/** What is remembered of the measurements of a component, so that each tick reads only what is new. Plain JSON data. */
export interface ComponentHistory {
  /** One after another without a gap. */
  readonly minutes: readonly ComponentMinute[];
  readonly outcomes: readonly OutcomeMinute[];
  /** Of the last minute in which calls ended. */
  readonly meanServiceSeconds: number;
}

export const NO_HISTORY: ComponentHistory = { minutes: [], outcomes: [], meanServiceSeconds: 0 };

/** Minutes are read again for so long, because metrics may come late. */
const LATE_MINUTES = 3;

const SLOTS_PER_MINUTE = 6;
const SAMPLES_KEPT = 6;

/** From when on to read. */
export function unreadFromMs({ minutes }: ComponentHistory, endMs: number): number {
  const newest = minutes.at(-1);
  const knownToMs = newest === undefined ? -Infinity : newest.startMs + MINUTE_MS;
  return Math.max(endMs - MINUTES_KEPT * MINUTE_MS, Math.min(endMs, knownToMs) - LATE_MINUTES * MINUTE_MS);
}

/**
 * Takes in what was read. A minute that is told again is as told last.
 *
 * @param objectiveMs beyond which a call violates the objective; Infinity while there is none
 * @param keptMs how far back outcomes are looked at
 */
export function remember(
  history: ComponentHistory,
  { minutes: fresh }: MeasuredComponent,
  objectiveMs: number,
  keptMs: number,
): ComponentHistory {
  const newest = fresh.at(-1)?.minute ?? history.minutes.at(-1);
  if (newest === undefined) return history;
  const byStart = new Map(
    [...history.minutes, ...fresh.map(({ minute }) => minute)].map((minute) => [minute.startMs, minute]),
  );
  const outcomes = new Map(
    [...history.outcomes, ...fresh.map((each) => outcomeOf(each, objectiveMs))].map((each) => [each.startMs, each]),
  );
  const oldestMs = Math.max(newest.startMs - (MINUTES_KEPT - 1) * MINUTE_MS, Math.min(...byStart.keys()));
  const count = Math.round((newest.startMs - oldestMs) / MINUTE_MS) + 1;
  const minutes = Array.from({ length: count }, (_, i) => {
    const startMs = oldestMs + i * MINUTE_MS;
    return byStart.get(startMs) ?? emptyMinute(startMs);
  });
  return {
    minutes,
    outcomes: [...outcomes.values()]
      .filter(({ startMs }) => startMs >= newest.startMs - keptMs)
      .sort((a, b) => a.startMs - b.startMs),
    meanServiceSeconds:
      measureCalls(minutes, (parts) => poolLatencies(parts.flat()), history.meanServiceSeconds)?.meanServiceSeconds ??
      history.meanServiceSeconds,
  };
}

/** The part of an observation that metrics tell; undefined before any are out. */
export function observeHistory(
  { minutes, outcomes, meanServiceSeconds }: ComponentHistory,
  concurrency: readonly number[],
  known: ComponentState | undefined,
):
  | Omit<ComponentObservation, 'copies' | 'minimumCopies' | 'readySeconds' | 'policy' | 'deployed' | 'acknowledgedAtMs'>
  | undefined {
  const calls = measureCalls(minutes, (parts) => poolLatencies(parts.flat()), meanServiceSeconds);
  return (
    calls && {
      ...calls,
      arrivals: arrivalSlots(minutes, known?.measuredAtMs),
      recentConcurrencyPerCopy: concurrency.slice(-SAMPLES_KEPT),
      outcomes,
    }
  );
}

/** Calls are counted by the minute in which their run ended; those of a minute are taken to be spread evenly over its slots. */
function arrivalSlots(minutes: readonly ComponentMinute[], sinceMs = -Infinity): ArrivalSlot[] {
  return minutes
    .filter(({ startMs }) => startMs >= sinceMs)
    .flatMap(({ startMs, started }) =>
      Array.from({ length: SLOTS_PER_MINUTE }, (_, i) => ({
        startMs: startMs + (i * MINUTE_MS) / SLOTS_PER_MINUTE,
        count: started / SLOTS_PER_MINUTE,
      })),
    );
}

function outcomeOf({ minute, errors }: MeasuredComponent['minutes'][number], objectiveMs: number): OutcomeMinute {
  const { startMs, ended, latency, rejects } = minute;
  const late = ended > 0 && objectiveMs < Infinity ? ended * poolLatencies(latency).shareBeyond(objectiveMs) : 0;
  const refused = Math.round(rejects);
  return {
    startMs,
    requests: Math.round(ended) + refused,
    violations: Math.round(Math.min(ended, late + errors)),
    rejects: refused,
  };
}

function emptyMinute(startMs: number): ComponentMinute {
  return {
    startMs,
    latency: [],
    started: 0,
    ended: 0,
    latencyMs: 0,
    coldMs: 0,
    waitMs: 0,
    coldStarts: 0,
    rejects: 0,
    concurrency: 0,
    concurrencySamples: 0,
  };
}
