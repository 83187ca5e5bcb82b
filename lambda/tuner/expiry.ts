import type { Blind, Look } from './aws-look';
import type { KeptComponent } from './component-state';

/**
 * How long a raised minimum outlives the tuner: Application Auto Scaling returns it to what was live before by a scheduled
 * action, which the tuner puts off for as long as it lives, sees and wants it.
 */
export const EXPIRY_MS = 60 * 60_000;

/** Half of it is left for renewals that fail. */
const RENEW_MS = EXPIRY_MS / 2;

/** Metrics that are late, or a service that throttles, are back by then: what is not seen for longer is not put off. */
const BLIND_MS = 15 * 60_000;

/**
 * Whether a minimum that the tuner has raised is still wanted and expires soon. What cannot be seen is taken to be as it was
 * left, but not for long.
 */
export function isRenewalDue(
  { tuner, decidedAtMs = -Infinity, minimumExpiresAtMs = -Infinity }: KeptComponent,
  look: Look | Blind,
  nowMs: number,
): boolean {
  const { copies = 0, baseline = 0 } = tuner?.minimum ?? {};
  if (copies <= baseline || minimumExpiresAtMs - nowMs > RENEW_MS || nowMs - decidedAtMs > BLIND_MS) return false;
  return 'fault' in look || look.bounds.minCopies === copies;
}

/** Whether another has set the minimum since it was raised: its end would undo that. */
export function isOvertaken(
  { tuner, minimumExpiresAtMs = -Infinity }: KeptComponent,
  look: Look | Blind,
  nowMs: number,
): boolean {
  if ('fault' in look || minimumExpiresAtMs <= nowMs) return false;
  const { copies, replaced } = tuner?.minimum ?? {};
  return look.bounds.minCopies !== copies && look.bounds.minCopies !== replaced;
}
