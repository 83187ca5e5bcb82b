import { DAY_MS, HOUR_MS } from '../time-units';

/** What warming was allowed to cost so far: set aside when it was decided, not when it is billed. */
export interface Spend {
  /** Hours since the epoch. */
  readonly hour: number;
  readonly hourUsd: number;
  /** Calendar months since the year 0, in UTC. */
  readonly month: number;
  readonly monthUsd: number;
}

export interface SpendLimits {
  readonly hourlyBudgetUsd: number;
  readonly monthlyBudgetUsd: number;
}

export const NO_SPEND: Spend = { hour: 0, hourUsd: 0, month: 0, monthUsd: 0 };

/** Over so many days a month's budget is spread: no month is much longer, and none is left without its last days' share. */
const BUDGET_DAYS = 30;

export function remainingUsd(spend: Spend, limits: SpendLimits, nowMs: number): number {
  const { hourUsd, monthUsd } = atTime(spend, nowMs);
  return Math.max(0, Math.min(limits.hourlyBudgetUsd - hourUsd, limits.monthlyBudgetUsd - monthUsd));
}

/**
 * What is left for copies that no run has asked for: of the month's budget only the share of its days that have begun, so
 * that a month's keeping never leaves the runs at its end without what starts copies for them.
 */
export function remainingAheadUsd(spend: Spend, limits: SpendLimits, nowMs: number): number {
  const { monthUsd } = atTime(spend, nowMs);
  const begunUsd = limits.monthlyBudgetUsd * Math.min(1, (dayOf(nowMs) + 1) / BUDGET_DAYS);
  return Math.max(0, Math.min(remainingUsd(spend, limits, nowMs), begunUsd - monthUsd));
}

/** Set aside in the calendar month. */
export function monthSpentUsd(spend: Spend, nowMs: number): number {
  return atTime(spend, nowMs).monthUsd;
}

export function charge(spend: Spend, usd: number, nowMs: number): Spend {
  const current = atTime(spend, nowMs);
  return { ...current, hourUsd: current.hourUsd + usd, monthUsd: current.monthUsd + usd };
}

/** Gives back what was set aside and is not needed, in the hour and the month that it was charged to. */
export function refund(spend: Spend, usd: number, chargedAtMs: number, nowMs: number): Spend {
  const current = atTime(spend, nowMs);
  const back = (isSame: boolean, spentUsd: number) => (isSame ? Math.max(0, spentUsd - usd) : spentUsd);
  return {
    ...current,
    hourUsd: back(hourOf(chargedAtMs) === current.hour, current.hourUsd),
    monthUsd: back(monthOf(chargedAtMs) === current.month, current.monthUsd),
  };
}

function atTime(spend: Spend, nowMs: number): Spend {
  const hour = hourOf(nowMs);
  const month = monthOf(nowMs);
  return {
    hour,
    hourUsd: hour === spend.hour ? spend.hourUsd : 0,
    month,
    monthUsd: month === spend.month ? spend.monthUsd : 0,
  };
}

function hourOf(ms: number): number {
  return Math.floor(ms / HOUR_MS);
}

interface CivilDay {
  /** Calendar months since the year 0, in UTC. */
  readonly month: number;
  /** Days of the month that are over. */
  readonly day: number;
}

function monthOf(ms: number): number {
  return civilDayOf(ms).month;
}

function dayOf(ms: number): number {
  return civilDayOf(ms).day;
}

/**
 * The calendar without a calendar: in years that begin in March, days before a month are a linear function of it
 * (Howard Hinnant, https://howardhinnant.github.io/date_algorithms.html#civil_from_days).
 */
function civilDayOf(ms: number): CivilDay {
  const day = Math.floor(ms / DAY_MS) + 719_468;
  const era = Math.floor(day / 146_097);
  const dayOfEra = day - era * 146_097;
  const year = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1_460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * year + Math.floor(year / 4) - Math.floor(year / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  return {
    month: (era * 400 + year) * 12 + monthFromMarch + 2,
    day: dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5),
  };
}
