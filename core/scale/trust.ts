/** How far a component may be moved at once, as a share of the largest steps. */
export interface Trust {
  /** Above 0, at most 1. */
  readonly radius: number;
  /** When it changed last. */
  readonly sinceMs: number;
}

const GOOD_DAY_MS = 86_400_000;
const RECOVERY = 1.2;

export function fullTrust(nowMs: number): Trust {
  return { radius: 1, sinceMs: nowMs };
}

/** A change that had to be taken back halves it. */
export function loseTrust(trust: Trust, nowMs: number): Trust {
  return { radius: trust.radius / 2, sinceMs: nowMs };
}

/** Each day without a rollback gives some of it back. */
export function regainTrust(trust: Trust, nowMs: number): Trust {
  const days = Math.floor((nowMs - trust.sinceMs) / GOOD_DAY_MS);
  if (days < 1 || trust.radius === 1) return trust;
  return { radius: Math.min(1, trust.radius * RECOVERY ** days), sinceMs: trust.sinceMs + days * GOOD_DAY_MS };
}
