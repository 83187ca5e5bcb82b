import { HOUR_MS } from '../time-units';
import { type DemandHistory, recentDemand, seasonalDemand, seasonalWeight } from './demand-history';
import { HOURS_PER_WEEK } from './hour-of-week';
import { clamp, quantile, roundTo } from './numbers';

export interface FloorConfig {
  /** Concurrent requests per copy that the scaling policy holds. */
  readonly target: number;
  /** P90 of the time from the start of a copy until it serves. */
  readonly readyP90Seconds: number;
  readonly minCopies: number;
  readonly maxCopies: number;
}

export interface CapacityFloor {
  readonly copies: number;
  readonly reason: string;
}

/** High-resolution target tracking sees a rise of the load after 30 to 40 s. */
const DETECTION_SECONDS = 40;

const PEAK_QUANTILE = 0.9;

/** A day of hours: fewer say nothing about their 0.9 quantile. */
const MIN_RATIOS = 24;

/**
 * The least copies that a forecast asks for: those whose cold start would end too late if they were started only when
 * their load has come.
 */
export function capacityFloor(history: DemandHistory, config: FloorConfig, nowMs: number): CapacityFloor {
  const recent = recentDemand(history, nowMs);
  if (recent === undefined) return { copies: config.minCopies, reason: 'no demand known' };

  // A season is a week: looking further ahead would tell nothing new.
  const horizonMs = Math.min(1000 * (DETECTION_SECONDS + config.readyP90Seconds), HOURS_PER_WEEK * HOUR_MS);
  const weight = seasonalWeight(history);
  let forecast = 0;
  for (const atMs of hoursWithin(nowMs, nowMs + horizonMs)) {
    const seasonal = seasonalDemand(history, recent, atMs, nowMs);
    forecast = Math.max(forecast, seasonal === undefined ? recent : weight * seasonal + (1 - weight) * recent);
  }

  const margin = history.peakRatios.length < MIN_RATIOS ? 1 : quantile(history.peakRatios, PEAK_QUANTILE);
  const copies = clamp(Math.ceil((forecast * margin) / config.target), config.minCopies, config.maxCopies);
  return {
    copies,
    reason:
      `forecast ${roundTo(forecast, 2)} concurrent requests in the next ${Math.round(horizonMs / 1000)} s ` +
      `(season counts ${roundTo(100 * weight, 0)} %), times ${roundTo(margin, 2)} for peaks, target ${config.target}: floor ${copies}`,
  };
}

/** Now and the beginnings of the hours until the end. */
function hoursWithin(nowMs: number, endMs: number): readonly number[] {
  const hours = [nowMs];
  for (let atMs = (Math.floor(nowMs / HOUR_MS) + 1) * HOUR_MS; atMs <= endMs; atMs += HOUR_MS) hours.push(atMs);
  return hours;
}
