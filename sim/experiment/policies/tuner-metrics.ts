import type { ArrivalSlot, ComponentObservation, OutcomeMinute } from '../../../core/scale';
import { type CallMinute, type MeasuredCalls, MINUTES_KEPT, measureCalls } from '../../../core/scale/measured-calls';
import { LatencyMeter, type LatencySpan } from './tuner-latencies';

export const SLOT_MS = 10_000;

/** What is published of a minute can be read one minute later: the one that has just ended is not out yet. */
const UNPUBLISHED_MINUTES = 1;

/** Two minutes of ten-second slots: those since the last tick are among them. */
const SLOTS_KEPT = 12;
const SAMPLES_KEPT = 6;

/** One minute of a component. */
class Minute implements CallMinute<LatencySpan | undefined> {
  /** Once the minute has ended. */
  latency: LatencySpan | undefined;
  started = 0;
  ended = 0;
  violations = 0;
  rejects = 0;
  coldStarts = 0;
  latencyMs = 0;
  coldMs = 0;
  waitMs = 0;
  concurrency = 0;
  concurrencySamples = 0;

  constructor(readonly startMs: number) {}
}

/** The part of an observation that comes from metrics. */
export type Measured = MeasuredCalls & Pick<ComponentObservation, 'arrivals' | 'recentConcurrencyPerCopy' | 'outcomes'>;

/**
 * The metrics of a component as a tuner can read them: by the minute, and arrivals and concurrency by ten seconds, each
 * one of its periods late. Latencies are the orchestrator's. It does not see how long a call is queued inside a copy.
 */
export class ComponentMetrics {
  /** Beyond which a call violates the objective of its component. */
  objectiveMs = Infinity;
  readonly #latencies = new LatencyMeter();
  #open = new Minute(0);
  #minutes: Minute[] = [];
  #outcomes: OutcomeMinute[] = [];
  #arrivals: ArrivalSlot[] = [];
  #arrived = 0;
  readonly #samples: number[] = [];
  #meanServiceSeconds = 0;

  callStarted(): void {
    this.#arrived++;
    this.#open.started++;
  }

  callEnded(latencyUs: number, coldUs: number, retryUs: number): void {
    const minute = this.#open;
    this.#latencies.add(latencyUs / 1000);
    minute.ended++;
    minute.latencyMs += latencyUs / 1000;
    minute.coldMs += coldUs / 1000;
    minute.waitMs += retryUs / 1000;
    if (coldUs > 0) minute.coldStarts++;
    if (latencyUs > this.objectiveMs * 1000) minute.violations++;
  }

  /** A failed call violates any objective, and took at least as long as it was waited for. */
  callFailed(latencyUs: number): void {
    this.#latencies.add(latencyUs / 1000);
    this.#open.ended++;
    this.#open.latencyMs += latencyUs / 1000;
    this.#open.violations++;
  }

  /** Takes a sample of the concurrency per copy that has come out. */
  sample(concurrencyPerCopy: number): void {
    this.#samples.push(concurrencyPerCopy);
    if (this.#samples.length > SAMPLES_KEPT) this.#samples.shift();
    this.#open.concurrency += concurrencyPerCopy;
    this.#open.concurrencySamples++;
  }

  endSlot(nowMs: number): void {
    this.#arrivals.push({ startMs: nowMs - SLOT_MS, count: this.#arrived });
    if (this.#arrivals.length > SLOTS_KEPT) this.#arrivals.shift();
    this.#arrived = 0;
  }

  /** @param rejects of the minute @param keptMs how far back outcomes are looked at */
  endMinute(nowMs: number, rejects: number, keptMs: number): void {
    const { startMs, ended, violations } = this.#open;
    this.#open.rejects = rejects;
    this.#open.latency = this.#latencies.cut();
    this.#minutes.push(this.#open);
    if (this.#minutes.length > MINUTES_KEPT + UNPUBLISHED_MINUTES) this.#minutes.shift();
    this.#outcomes.push({ startMs, requests: ended + rejects, violations, rejects });
    while (this.#outcomes[0]!.startMs < nowMs - keptMs) this.#outcomes.shift();
    this.#open = new Minute(nowMs);
  }

  /** Undefined before the first minute is out. */
  get measured(): Measured | undefined {
    const minutes = this.#minutes.slice(0, -UNPUBLISHED_MINUTES);
    const calls = measureCalls(minutes, pooled, this.#meanServiceSeconds);
    if (calls === undefined) return undefined;
    this.#meanServiceSeconds = calls.meanServiceSeconds;
    return {
      ...calls,
      // The slot that has just ended is not out yet.
      arrivals: this.#arrivals.slice(0, -1),
      recentConcurrencyPerCopy: this.#samples.slice(),
      outcomes: this.#outcomes.slice(0, -UNPUBLISHED_MINUTES),
    };
  }
}

/** Of minutes in a row. */
function pooled(latencies: readonly (LatencySpan | undefined)[]): LatencySpan {
  return latencies[0]!.until(latencies.at(-1)!);
}
