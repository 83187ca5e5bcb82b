import { HOUR_MS } from '../../../core/time-units';
import { Distribution } from './distribution';

/** How fine the periods are in which a metric is kept: 60 s, or 10 s for a metric of high resolution. */
export type ResolutionSeconds = 10 | 60;

export interface MetricPeriod {
  readonly startMs: number;
  readonly values: Distribution;
}

/** As long as CloudWatch keeps data finer than a minute, and data of a minute. */
const FINE_RETENTION_MS = 3 * HOUR_MS;
const MINUTE_RETENTION_MS = 15 * 24 * HOUR_MS;

/** Periods of one length, as many as are kept. */
class Periods {
  readonly #byStart = new Map<number, Distribution>();
  #newestMs = -Infinity;

  constructor(
    readonly lengthMs: number,
    private readonly retentionMs: number,
  ) {}

  get isEmpty(): boolean {
    return this.#byStart.size === 0;
  }

  at(timeMs: number): Distribution {
    const startMs = Math.floor(timeMs / this.lengthMs) * this.lengthMs;
    const found = this.#byStart.get(startMs);
    if (found) return found;
    const values = new Distribution();
    this.#byStart.set(startMs, values);
    this.#newestMs = Math.max(this.#newestMs, startMs);
    if (this.#byStart.size > this.retentionMs / this.lengthMs) this.#forget();
    return values;
  }

  /** From the earliest to the latest, put together to longer periods where longer ones are asked for. */
  between(startMs: number, endMs: number, lengthMs: number): MetricPeriod[] {
    const begin = Math.floor(startMs / lengthMs) * lengthMs;
    const merged = new Map<number, Distribution>();
    for (const [atMs, values] of this.#byStart) {
      const periodMs = Math.floor(atMs / lengthMs) * lengthMs;
      if (periodMs < begin || periodMs >= endMs) continue;
      const isWhole = lengthMs === this.lengthMs;
      const period = isWhole ? values : (merged.get(periodMs) ?? new Distribution());
      if (!isWhole) period.merge(values);
      merged.set(periodMs, period);
    }
    return [...merged].map(([at, values]) => ({ startMs: at, values })).sort((a, b) => a.startMs - b.startMs);
  }

  #forget(): void {
    for (const startMs of this.#byStart.keys()) {
      if (startMs <= this.#newestMs - this.retentionMs) this.#byStart.delete(startMs);
    }
  }
}

/** The data of one metric: periods of 10 s for 3 hours if its resolution is high, and of 60 s for 15 days. */
export class MetricSeries {
  readonly #fine = new Periods(10_000, FINE_RETENTION_MS);
  readonly #minutes = new Periods(60_000, MINUTE_RETENTION_MS);

  /** Adds to every period that a moment is in. */
  record(atMs: number, resolution: ResolutionSeconds, add: (values: Distribution) => void): void {
    if (resolution === 10) add(this.#fine.at(atMs));
    add(this.#minutes.at(atMs));
  }

  /** Periods with data that begin before the end, the first of them no later than the start. Those without are left out. */
  between(startMs: number, endMs: number, periodSeconds: number): MetricPeriod[] {
    const periods = periodSeconds < 60 && !this.#fine.isEmpty ? this.#fine : this.#minutes;
    return periods.between(startMs, endMs, Math.max(periodSeconds * 1000, periods.lengthMs));
  }
}
