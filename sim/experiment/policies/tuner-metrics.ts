import {
  type ArrivalSlot,
  type ComponentObservation,
  evidenceWindowMinutes,
  LONGEST_WINDOW_MINUTES,
  measureP95,
  type OutcomeMinute,
  SLACK_SAMPLES,
} from '../../../core/scale';
import { LatencyHistogram } from './tuner-histogram';

export const SLOT_MS = 10_000;
export const MINUTE_MS = 60_000;

/** What is published of a minute can be read one minute later: the one that has just ended is not out yet. */
const UNPUBLISHED_MINUTES = 1;

/** Two minutes of ten-second slots: those since the last tick are among them. */
const SLOTS_KEPT = 12;
const SAMPLES_KEPT = 6;

/** Over how many of the last minutes the rate of the calls is taken. */
const RATE_MINUTES = 5;

/** One minute of a component. */
class Minute {
  readonly latency = new LatencyHistogram();
  started = 0;
  violations = 0;
  rejects = 0;
  coldStarts = 0;
  latencyUs = 0;
  coldUs = 0;
  retryUs = 0;
  concurrency = 0;
  concurrencySamples = 0;

  constructor(readonly startMs: number) {}
}

/** The part of an observation that comes from metrics. */
export type Measured = Pick<
  ComponentObservation,
  | 'measuredAtMs'
  | 'windowMs'
  | 'latency'
  | 'slackEvidence'
  | 'concurrencyPerCopy'
  | 'waitShare'
  | 'queued'
  | 'rejects'
  | 'coldStarts'
  | 'requestsPerSecond'
  | 'meanServiceSeconds'
  | 'arrivals'
  | 'recentConcurrencyPerCopy'
  | 'outcomes'
>;

/**
 * The metrics of a component as a tuner can read them: by the minute, and arrivals and concurrency by ten seconds, each
 * one of its periods late. Latencies are the orchestrator's. It does not see how long a call is queued inside a copy.
 */
export class ComponentMetrics {
  /** Beyond which a call violates the objective of its component. */
  objectiveMs = Infinity;
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
    minute.latency.add(latencyUs / 1000);
    minute.latencyUs += latencyUs;
    minute.coldUs += coldUs;
    minute.retryUs += retryUs;
    if (coldUs > 0) minute.coldStarts++;
    if (latencyUs > this.objectiveMs * 1000) minute.violations++;
  }

  /** A failed call violates any objective, and took at least as long as it was waited for. */
  callFailed(latencyUs: number): void {
    this.#open.latency.add(latencyUs / 1000);
    this.#open.latencyUs += latencyUs;
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
    const { startMs, latency, violations } = this.#open;
    this.#open.rejects = rejects;
    this.#minutes.push(this.#open);
    if (this.#minutes.length > LONGEST_WINDOW_MINUTES + UNPUBLISHED_MINUTES) this.#minutes.shift();
    this.#outcomes.push({ startMs, requests: latency.count + rejects, violations, rejects });
    while (this.#outcomes[0]!.startMs < nowMs - keptMs) this.#outcomes.shift();
    this.#open = new Minute(nowMs);
  }

  /** Undefined before the first minute is out. */
  get measured(): Measured | undefined {
    const minutes = this.#minutes.slice(0, -UNPUBLISHED_MINUTES);
    const newest = minutes.at(-1);
    if (newest === undefined) return undefined;
    const counts = minutes.map(({ latency }) => latency.count);
    const window = minutes.slice(-evidenceWindowMinutes(counts));
    const sum = (of: (minute: Minute) => number) => window.reduce((total, minute) => total + of(minute), 0);
    const latency = latencyOf(window);
    const slackWindow = minutes.slice(-evidenceWindowMinutes(counts, SLACK_SAMPLES));
    const latencyUs = sum((minute) => minute.latencyUs);
    const samples = sum(({ concurrencySamples }) => concurrencySamples);
    if (latency.count > 0) {
      this.#meanServiceSeconds = (latencyUs - sum(({ coldUs }) => coldUs)) / latency.count / 1e6;
    }
    const recent = minutes.slice(-RATE_MINUTES);
    return {
      measuredAtMs: newest.startMs + MINUTE_MS,
      windowMs: window.length * MINUTE_MS,
      ...(latency.count > 0 && {
        latency: measureP95(latency),
        slackEvidence: {
          windowMs: slackWindow.length * MINUTE_MS,
          latency: measureP95(latencyOf(slackWindow)),
        },
      }),
      ...(samples > 0 && { concurrencyPerCopy: sum(({ concurrency }) => concurrency) / samples }),
      waitShare: latencyUs > 0 ? sum(({ retryUs }) => retryUs) / latencyUs : 0,
      queued: 0,
      rejects: sum((minute) => minute.rejects),
      coldStarts: sum(({ coldStarts }) => coldStarts),
      requestsPerSecond: (1000 * recent.reduce((n, { started }) => n + started, 0)) / (recent.length * MINUTE_MS),
      meanServiceSeconds: this.#meanServiceSeconds,
      // The slot that has just ended is not out yet.
      arrivals: this.#arrivals.slice(0, -1),
      recentConcurrencyPerCopy: this.#samples.slice(),
      outcomes: this.#outcomes.slice(0, -UNPUBLISHED_MINUTES),
    };
  }
}

function latencyOf(minutes: readonly Minute[]): LatencyHistogram {
  const latency = new LatencyHistogram();
  for (const minute of minutes) latency.addAll(minute.latency);
  return latency;
}
