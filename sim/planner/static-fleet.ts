import type { FixedCopies } from '../experiment/fixed-copies';
import { partitionPoint } from '../kernel/partition-point';
import { type CopyDemand, copiesAt, copyDemands, ratesOf } from './copy-demand';
import type { Deployment } from './deployment';
import type { InstanceOffer } from './instance-offers';
import type { PlannedSystem } from './planned-system';
import type { Span } from './spans';
import { tryDeployment } from './trial';

/** Times the peak, which is one over ten minutes: bursts of seconds need far more. Each in so many steps. */
const HEADROOMS = [4, 8, 16, 32, 64, 128];
const STEPS = 64;

/** A fleet whose copies never change. */
export interface StaticFleet {
  readonly copies: FixedCopies;
  /** As a deployment whose minimums are its maximums. */
  readonly deployment: Deployment;
}

/**
 * The smallest static fleet that meets an aim over a span, copies split over components by their work; undefined if not
 * even 128 times the copies for its peak do.
 */
export function smallestStatic(
  system: PlannedSystem,
  offer: InstanceOffer,
  span: Span,
  seed: number,
  aimMs: number,
): StaticFleet | undefined {
  const demands = copyDemands(system, offer, span.requests);
  const { peak } = ratesOf(span.requests);
  const fleetOf = (timesPeak: number) => staticFleet(offer, demands, peak * timesPeak);
  const meets = (timesPeak: number) => {
    const { deployment, copies } = fleetOf(timesPeak);
    return tryDeployment(system, deployment, span, seed, copies).p95Ms <= aimMs;
  };
  const most = HEADROOMS.find(meets);
  if (most === undefined) return undefined;
  const least = partitionPoint(STEPS, (step) => !meets((most * step) / STEPS));
  return fleetOf((most * least) / STEPS);
}

/** Copies at their knee for a rate. */
export function staticFleet(
  offer: InstanceOffer,
  demands: readonly CopyDemand[],
  requestsPerSecond: number,
): StaticFleet {
  const copies = copiesAt(demands, requestsPerSecond);
  const settings = demands.map(({ component, kneeConcurrency }) => {
    const count = copies[component]!;
    return [component, { min: count, max: count, targetConcurrency: kneeConcurrency }] as const;
  });
  const maxInstances = settings.reduce((sum, [, { max }]) => sum + max, 0);
  return { copies, deployment: { offer, maxInstances, copies: Object.fromEntries(settings) } };
}
