import { type DemandHistory, usualDemand } from './demand-history';
import { isCertain, isUsable, type LatencyFit, predictP95Ms } from './latency-fit';
import type { ComponentConfig } from './tuner/config';

/**
 * What the copies of a component cost, by the P95 that its calls take: `packedUsdPerHour * p95 / (p95 - idle P95)`.
 *
 * By Little's law calls need `rate * service time / concurrency per copy` copies. Service times grow with the P95, and at
 * which concurrency a P95 is met is what the fitted line says.
 */
export interface CostCurve {
  /** P95 of an idle copy: no number of copies makes calls faster. */
  readonly idleP95Ms: number;
  /** What copies would cost in a usual week if calls could take for ever. */
  readonly packedUsdPerHour: number;
  /** At the lowest target that may be set, and no less than an idle copy takes. */
  readonly shortestP95Ms: number;
  /** At the highest target, or where the busiest hour needs no more copies than there are anyway: beyond it nothing is saved. */
  readonly longestP95Ms: number;
}

/** What is known of a component's calls. */
export interface KnownCalls {
  readonly fit: LatencyFit;
  readonly demand: DemandHistory;
  readonly meanServiceSeconds: number;
  /** Mean service time over its P95. */
  readonly meanOverP95: number;
}

/** @returns undefined while the fit is not to be trusted, or there is no demand */
export function costCurve(
  { fit, demand, meanServiceSeconds, meanOverP95 }: KnownCalls,
  bounds: Pick<ComponentConfig, 'minTarget' | 'maxTarget' | 'minCopies' | 'pricePerCopyHourUsd'>,
): CostCurve | undefined {
  if (!isUsable(fit) || !isCertain(fit) || !(meanServiceSeconds > 0)) return undefined;
  const { mean, busiest } = usualDemand(demand);
  const p95At = (concurrency: number) => fit.correction * predictP95Ms(fit, concurrency);
  const idleP95Ms = p95At(0);
  const packedCopiesPerRate = (meanOverP95 * fit.correction * fit.slopeMs) / 1000;
  const packedUsdPerHour = (bounds.pricePerCopyHourUsd * mean * packedCopiesPerRate) / meanServiceSeconds;
  const copiesAnyway = Math.max(1, bounds.minCopies);
  const spare = copiesAnyway - (busiest * packedCopiesPerRate) / meanServiceSeconds;
  const shortestP95Ms = p95At(bounds.minTarget);
  const flatFromMs = spare > 0 ? (idleP95Ms * copiesAnyway) / spare : Infinity;
  const longestP95Ms = Math.max(shortestP95Ms, Math.min(p95At(bounds.maxTarget), flatFromMs));
  const curve = { idleP95Ms, packedUsdPerHour, shortestP95Ms, longestP95Ms };
  return Object.values(curve).every((value) => value > 0 && value < Infinity) ? curve : undefined;
}

/** Infinity of a P95 that no number of copies meets. */
export function usdPerHourAt({ idleP95Ms, packedUsdPerHour, longestP95Ms }: CostCurve, p95Ms: number): number {
  const priced = Math.min(p95Ms, longestP95Ms);
  return priced > idleP95Ms ? (packedUsdPerHour * priced) / (priced - idleP95Ms) : Infinity;
}
