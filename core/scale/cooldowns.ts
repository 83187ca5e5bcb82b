import { clamp } from './numbers';

/** Both are always set: what Application Auto Scaling assumes for inference components is not documented. */
export interface Cooldowns {
  readonly scaleOutCooldownSeconds: number;
  readonly scaleInCooldownSeconds: number;
}

/**
 * How much dearer a second of a caller's waiting is than a second of an idle copy. 50 makes the newsvendor quantile,
 * 1 / 51, about 2 %.
 */
export const DELAY_PENALTY_PER_PRICE = 50;

/** Target tracking waits so long at low load before it takes a copy; a longer cooldown only keeps what nobody needs. */
const TRACKING_WAIT_SECONDS = 900;

/**
 * Cooldowns from measured times until a copy serves: a new copy must show in the metric before the next step out,
 * and a copy is kept as long as starting it again would cost (ski rental).
 */
export function cooldowns(readySeconds: { readonly p75: number; readonly p90: number }): Cooldowns {
  return {
    scaleOutCooldownSeconds: Math.round(clamp(readySeconds.p75, 60, 600)),
    scaleInCooldownSeconds: Math.round(clamp(DELAY_PENALTY_PER_PRICE * readySeconds.p90, 300, TRACKING_WAIT_SECONDS)),
  };
}
