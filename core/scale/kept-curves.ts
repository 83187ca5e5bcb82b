import type { CostCurve } from './cost-curve';

/** A curve as it was on average, and when it was last told. Plain JSON data. */
export interface KeptCurve extends CostCurve {
  readonly toldAtMs: number;
}

/** By component. */
export type KeptCurves = Readonly<Record<string, KeptCurve>>;

/** Weight of a look, meant for every quarter of a day: about the last day counts. */
const WEIGHT = 1 / 4;

/** A fit forgets within the hour, so that many a look at night tells nothing; a week has working days in any case. */
const KEPT_MS = 7 * 86_400_000;

/** Takes in the curves of a look. Fits are off by factors, and so are curves: means are geometric. */
export function keepCurves(kept: KeptCurves, told: ReadonlyMap<string, CostCurve>, nowMs: number): KeptCurves {
  const lasting = Object.entries(kept).filter(([, { toldAtMs }]) => nowMs - toldAtMs < KEPT_MS);
  const before = Object.fromEntries(lasting);
  const next = [...told].map(([name, curve]) => [name, { ...mixed(before[name], curve), toldAtMs: nowMs }] as const);
  return { ...before, ...Object.fromEntries(next) };
}

function mixed(before: CostCurve | undefined, next: CostCurve): CostCurve {
  const mean = (key: keyof CostCurve) =>
    before === undefined ? next[key] : before[key] ** (1 - WEIGHT) * next[key] ** WEIGHT;
  return {
    idleP95Ms: mean('idleP95Ms'),
    packedUsdPerHour: mean('packedUsdPerHour'),
    shortestP95Ms: mean('shortestP95Ms'),
    longestP95Ms: mean('longestP95Ms'),
  };
}
