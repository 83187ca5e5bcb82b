import type { TunedComponent } from '../../core/scale/tuner-deployment';
import type { Blind, Look } from './aws-look';
import type { KeptComponent } from './component-state';

/**
 * How long a raised minimum outlives the tuner: Application Auto Scaling returns it to the configured one by a scheduled
 * action, which the tuner puts off for as long as it lives and wants it.
 */
export const EXPIRY_MS = 60 * 60_000;

/** Half of it is left for renewals that fail. */
const RENEW_MS = EXPIRY_MS / 2;

/** Whether a minimum that the tuner has raised is still wanted and expires soon. What cannot be seen is taken to be as it was left. */
export function isRenewalDue(
  { tuner, minimumExpiresAtMs = -Infinity }: KeptComponent,
  { minCopies }: TunedComponent,
  look: Look | Blind,
  nowMs: number,
): boolean {
  const raised = tuner?.minimum?.copies ?? 0;
  if (raised <= minCopies || minimumExpiresAtMs - nowMs > RENEW_MS) return false;
  return 'fault' in look || look.bounds.minCopies === raised;
}
