import { HOUR_MS } from '../time-units';
import { HOURS_PER_WEEK, hourOfWeek } from './hour-of-week';
import { clamp } from './numbers';

/**
 * What is remembered of a component's demand. Demand is the number of concurrent requests, by Little's law the
 * arrival rate times the mean service time.
 */
export interface DemandHistory {
  /** Decayed mean per hour of week, from Monday 00:00 UTC; `null` where nothing is known. */
  readonly seasonal: readonly (SeasonalHour | null)[];
  /** The hour that is going on. */
  readonly open?: OpenHour;
  /** Mean demand of the hour before the open one. */
  readonly lastHour?: number;
  /** Hours for which both forecasts could be compared with what came. */
  readonly comparedHours: number;
  /** Smoothed absolute errors of the forecasts for an hour, made at its start. */
  readonly seasonalError: number;
  readonly recentError: number;
  /** Of the last hours with a forecast worth comparing: the peak demand over the forecast mean, newest last. */
  readonly peakRatios: readonly number[];
}

interface SeasonalHour {
  readonly mean: number;
  readonly weight: number;
}

interface OpenHour {
  /** Hours since the epoch. */
  readonly index: number;
  readonly sum: number;
  readonly samples: number;
  readonly peak: number;
  /** What was forecast at its start; left out where nothing was known. */
  readonly seasonalForecast?: number;
  readonly recentForecast?: number;
  readonly forecast?: number;
}

/** Weight of a week ago: about the last three weeks count. */
const WEEKLY_DECAY = 0.7;

/** Errors are remembered for about three days. */
const ERROR_WEIGHT = 1 / 72;

/** A day: less does not prove a season. */
const MIN_COMPARED_HOURS = 24;

const RATIOS_KEPT = HOURS_PER_WEEK;

/** Less than one concurrent request is forecast for hours with hardly any: the ratio of a peak to that says nothing. */
const LEAST_COMPARED_DEMAND = 1;

export const NO_DEMAND: DemandHistory = {
  seasonal: Array<null>(HOURS_PER_WEEK).fill(null),
  comparedHours: 0,
  seasonalError: 0,
  recentError: 0,
  peakRatios: [],
};

/** Remembers one sample of the demand. A value that is no demand, or one of an hour already closed, changes nothing. */
export function observeDemand(history: DemandHistory, demand: number, nowMs: number): DemandHistory {
  if (!(demand >= 0 && demand < Infinity)) return history;
  const index = Math.floor(nowMs / HOUR_MS);
  if (history.open !== undefined && index < history.open.index) return history;

  const opened = index === history.open?.index ? history : openHour(closeHour(history, index), index);
  const open = opened.open!;
  return {
    ...opened,
    open: { ...open, sum: open.sum + demand, samples: open.samples + 1, peak: Math.max(open.peak, demand) },
  };
}

/** Mean demand of about the last hour: the open hour, and of the one before as much as is missing. */
export function recentDemand(history: DemandHistory, nowMs: number): number | undefined {
  const { open, lastHour } = history;
  if (open === undefined || open.samples === 0) return lastHour;
  const mean = open.sum / open.samples;
  const elapsed = clamp((nowMs - open.index * HOUR_MS) / HOUR_MS, 0, 1);
  return lastHour === undefined ? mean : elapsed * mean + (1 - elapsed) * lastHour;
}

/** Demand of the hours of week that are known, on average and in the busiest of them; zero while none is. */
export function usualDemand({ seasonal }: DemandHistory): { readonly mean: number; readonly busiest: number } {
  const means = seasonal.flatMap((hour) => (hour === null ? [] : [hour.mean]));
  if (means.length === 0) return { mean: 0, busiest: 0 };
  return { mean: means.reduce((sum, mean) => sum + mean, 0) / means.length, busiest: Math.max(...means) };
}

/** Demand of the hour of week as usual, scaled to how the present compares with its own usual. */
export function seasonalDemand(
  history: DemandHistory,
  recent: number,
  atMs: number,
  presentMs: number,
): number | undefined {
  const then = history.seasonal[hourOfWeek(atMs)]?.mean;
  const usual = history.seasonal[hourOfWeek(presentMs)]?.mean;
  if (then === undefined || usual === undefined) return undefined;
  return then * (usual > 0 ? clamp(recent / usual, 0.5, 2) : 1);
}

/**
 * Weight of the seasonal forecast, 0 to 1: its skill over the plain guess that the last hour goes on (Murphy, "Skill
 * scores based on the mean square error", 1988, here with absolute errors). It is 0 until it has been earned for a day.
 */
export function seasonalWeight(history: DemandHistory): number {
  if (history.comparedHours < MIN_COMPARED_HOURS || history.recentError === 0) return 0;
  return clamp(1 - history.seasonalError / history.recentError, 0, 1);
}

function openHour(history: DemandHistory, index: number): DemandHistory {
  const open: OpenHour = { index, sum: 0, samples: 0, peak: 0 };
  const recent = history.lastHour;
  if (recent === undefined) return { ...history, open };

  const seasonal = seasonalDemand(history, recent, index * HOUR_MS, (index - 1) * HOUR_MS);
  const weight = seasonal === undefined ? 0 : seasonalWeight(history);
  const forecast = weight * (seasonal ?? 0) + (1 - weight) * recent;
  return {
    ...history,
    open: { ...open, recentForecast: recent, forecast, ...(seasonal !== undefined && { seasonalForecast: seasonal }) },
  };
}

/** Learns from the open hour. After a gap of hours there is no last hour to go on from. */
function closeHour(history: DemandHistory, nextIndex: number): DemandHistory {
  const { open, lastHour: _, ...rest } = history;
  if (open === undefined) return history;
  const mean = open.sum / open.samples;
  const hour = hourOfWeek(open.index * HOUR_MS);
  const known = history.seasonal[hour];
  const kept = WEEKLY_DECAY * (known?.weight ?? 0);
  const next = { mean: (kept * (known?.mean ?? 0) + mean) / (kept + 1), weight: kept + 1 };

  return {
    ...rest,
    ...compareForecasts(history, open, mean),
    seasonal: history.seasonal.with(hour, next),
    ...(nextIndex === open.index + 1 && { lastHour: mean }),
    peakRatios:
      open.forecast !== undefined && open.forecast >= LEAST_COMPARED_DEMAND
        ? [...history.peakRatios, open.peak / open.forecast].slice(-RATIOS_KEPT)
        : history.peakRatios,
  };
}

function compareForecasts(history: DemandHistory, open: OpenHour, mean: number): Partial<DemandHistory> {
  if (open.seasonalForecast === undefined || open.recentForecast === undefined) return {};
  const comparedHours = history.comparedHours + 1;
  const weight = Math.max(ERROR_WEIGHT, 1 / comparedHours);
  const smooth = (error: number, forecast: number) => error + weight * (Math.abs(forecast - mean) - error);
  return {
    comparedHours,
    seasonalError: smooth(history.seasonalError, open.seasonalForecast),
    recentError: smooth(history.recentError, open.recentForecast),
  };
}
