import type { RequestList } from './request-list';

/** A workload in figures. */
export interface WorkloadDescription {
  readonly count: number;
  /** From the start of the run to its end. */
  readonly durationSeconds: number;
  /** From the first arrival to the last. */
  readonly spanSeconds: number;
  /** Over the duration. */
  readonly meanRatePerSecond: number;
  /** Of the fullest 10 minutes, in steps of 10 minutes from the start; of the whole run if that is shorter. */
  readonly peakRatePerSecond: number;
  /** Coefficient of variation of the gaps between arrivals; `undefined` below 3 requests. */
  readonly interArrivalCv: number | undefined;
  readonly promptTokens: TokenDescription;
  readonly outputTokens: TokenDescription;
}

/** Quantiles are interpolated linearly. */
export interface TokenDescription {
  readonly mean: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

const PEAK_WINDOW_US = 600e6;

/** @throws RangeError if the workload has no requests. */
export function describeWorkload(requests: RequestList): WorkloadDescription {
  const { count, arrivalUs, durationUs } = requests;
  if (count === 0) throw new RangeError('a workload without requests has no figures');
  return {
    count,
    durationSeconds: durationUs / 1e6,
    spanSeconds: (arrivalUs[count - 1]! - arrivalUs[0]!) / 1e6,
    meanRatePerSecond: count / (durationUs / 1e6),
    peakRatePerSecond: peakRatePerSecond(requests),
    interArrivalCv: gapVariation(arrivalUs),
    promptTokens: describeTokens(requests.promptTokens),
    outputTokens: describeTokens(requests.outputTokens),
  };
}

function peakRatePerSecond({ arrivalUs, durationUs }: RequestList): number {
  let [window, inWindow, most] = [0, 0, 0];
  for (const arrival of arrivalUs) {
    const current = Math.floor(arrival / PEAK_WINDOW_US);
    inWindow = current === window ? inWindow + 1 : 1;
    window = current;
    most = Math.max(most, inWindow);
  }
  return most / (Math.min(PEAK_WINDOW_US, durationUs) / 1e6);
}

/** Coefficient of variation of the gaps between ascending times; `undefined` where they have none. */
export function gapVariation(times: ArrayLike<number>): number | undefined {
  const gaps = times.length - 1;
  if (gaps < 2) return undefined;
  const mean = (times[gaps]! - times[0]!) / gaps;
  if (mean === 0) return undefined;
  let squares = 0;
  for (let i = 0; i < gaps; i++) squares += (times[i + 1]! - times[i]! - mean) ** 2;
  return Math.sqrt(squares / gaps) / mean;
}

function describeTokens(column: Uint32Array): TokenDescription {
  const sorted = column.toSorted();
  const at = (probability: number) => {
    const rank = probability * (sorted.length - 1);
    const below = Math.floor(rank);
    const value = sorted[below]!;
    return value + (rank - below) * ((sorted[below + 1] ?? value) - value);
  };
  const sum = sorted.reduce((total, tokens) => total + tokens, 0);
  return { mean: sum / sorted.length, p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) };
}
