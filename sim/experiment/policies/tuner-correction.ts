import { correctionPeriodMs, correctSplit, judgedFromMs, measureP95 } from '../../../core/scale';
import { HOUR_MS } from '../../../core/time-units';
import { LatencyHistogram } from './tuner-histogram';

const HOURS_A_DAY = 24;

interface Hour {
  readonly startMs: number;
  readonly latency: LatencyHistogram;
}

/** Follows whole runs through a day, and stretches the objectives of the components until the runs use theirs. */
export class SplitCorrection {
  #stretch = 1;
  #splitAtMs: number | undefined;
  #changedAtMs = 0;
  #open = new LatencyHistogram();
  #day: Hour[] = [];

  constructor(private readonly objectiveMs: number) {}

  /** @param latencyUs Infinity of a run that failed */
  runEnded(latencyUs: number): void {
    this.#open.add(latencyUs / 1000);
  }

  /** The factor on all objectives; 1 at first. */
  get stretch(): number {
    return this.#stretch;
  }

  /** From now on there are objectives to stretch. */
  begin(nowMs: number): void {
    this.#splitAtMs = nowMs;
    this.#changedAtMs = nowMs;
  }

  /** Looks at the runs, if it is time. */
  endHour(nowMs: number): void {
    this.#day = [...this.#day, { startMs: nowMs - HOUR_MS, latency: this.#open }].slice(-HOURS_A_DAY);
    this.#open = new LatencyHistogram();
    if (this.#splitAtMs === undefined || nowMs % correctionPeriodMs(nowMs - this.#splitAtMs) !== 0) return;
    const fromMs = judgedFromMs(this.#splitAtMs, this.#changedAtMs, nowMs);
    const latency = new LatencyHistogram();
    for (const hour of this.#day) if (hour.startMs >= fromMs) latency.addAll(hour.latency);
    if (latency.count === 0) return;
    const before = this.#stretch;
    this.#stretch = correctSplit(before, measureP95(latency), this.objectiveMs);
    if (this.#stretch !== before) this.#changedAtMs = nowMs;
  }
}
