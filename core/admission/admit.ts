import type { RunRate, TenantLimits } from './tenant-limits';

/** What is known of a tenant. Times are in milliseconds since 1970. */
export interface TenantState {
  /** The time for which its runs so far are enough at its rate: each moves it on by the time between two runs. */
  readonly paidUntilMs: number;
  /** Of each run under way, by the id of its place: when it has ended at the latest. */
  readonly places: Readonly<Record<string, number>>;
}

/** A run that wants to begin. */
export interface Arrival {
  /** Of the place that it takes; unlike any other. */
  readonly place: string;
  /** When the run will have ended at the latest. */
  readonly untilMs: number;
}

export type Admission = Admitted | Refused;

export interface Admitted {
  readonly isAdmitted: true;
  readonly state: TenantState;
  /** Places of runs that should have ended, and never gave them back. */
  readonly expired: readonly string[];
}

export interface Refused {
  readonly isAdmitted: false;
  readonly limit: keyof TenantLimits;
  readonly retryAfterMs: number;
  /** In words and numbers. */
  readonly reason: string;
}

/** Nobody knows when a run ends: who asks again after this does not wait for long, and is not a burden. */
const PLACE_RETRY_MS = 1_000;

export const NEW_TENANT: TenantState = { paidUntilMs: 0, places: {} };

/**
 * Whether a run may begin. The rate is a token bucket in the form of the generic cell rate algorithm (ITU-T I.371), whose only state is a
 * time: in any `t` seconds at most `burstLimit + t * rateLimit` runs begin.
 */
export function admit(state: TenantState, { place, untilMs }: Arrival, limits: TenantLimits, nowMs: number): Admission {
  const { concurrency, throttling } = limits;
  const ids = Object.keys(state.places);
  const expired = ids.filter((id) => state.places[id]! <= nowMs);
  const runs = ids.length - expired.length;
  if (concurrency !== undefined && runs >= concurrency) {
    const reason = `the tenant may have ${count(concurrency)} under way at once, and has ${runs}`;
    return { isAdmitted: false, limit: 'concurrency', retryAfterMs: placeRetryMs(state, expired, nowMs), reason };
  }
  if (throttling && state.paidUntilMs > latestDebtMs(throttling, nowMs)) {
    const { rateLimit, burstLimit } = throttling;
    const reason = `the tenant may begin ${count(rateLimit)} a second, and ${burstLimit} at once`;
    const retryAfterMs = state.paidUntilMs - latestDebtMs(throttling, nowMs);
    return { isAdmitted: false, limit: 'throttling', retryAfterMs, reason };
  }
  const left = Object.fromEntries(Object.entries(state.places).filter(([id]) => !expired.includes(id)));
  return {
    isAdmitted: true,
    expired,
    state: {
      paidUntilMs: throttling ? Math.max(state.paidUntilMs, nowMs) + intervalMs(throttling) : state.paidUntilMs,
      places: concurrency === undefined ? left : { ...left, [place]: untilMs },
    },
  };
}

/** The refusal of a run that has found the tenant changed by others again and again, so that nobody knows whether it may begin. */
export function crowdedOut({ concurrency }: TenantLimits): Refused {
  const limit = concurrency === undefined ? 'throttling' : 'concurrency';
  const reason = 'too many runs of the tenant begin and end at once';
  return { isAdmitted: false, limit, retryAfterMs: PLACE_RETRY_MS, reason };
}

/** Between two runs, at the rate. */
export function intervalMs({ rateLimit }: RunRate): number {
  return 1_000 / rateLimit;
}

/** A number that counts milliseconds since 1970 has no finer digits: sums of intervals are off by as much. */
const PRECISION_MS = 0.001;

/** A tenant that has paid for more than this has used up its burst. */
export function latestDebtMs(throttling: RunRate, nowMs: number): number {
  return nowMs + (throttling.burstLimit - 1) * intervalMs(throttling) + PRECISION_MS;
}

function placeRetryMs({ places }: TenantState, expired: readonly string[], nowMs: number): number {
  const ends = Object.entries(places).flatMap(([id, untilMs]) => (expired.includes(id) ? [] : [untilMs]));
  return Math.min(PLACE_RETRY_MS, ...ends.map((untilMs) => untilMs - nowMs));
}

function count(runs: number): string {
  return runs === 1 ? '1 run' : `${runs} runs`;
}
