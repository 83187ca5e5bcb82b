import { componentLoads } from '../experiment/component-loads';
import type { FixedCopies } from '../experiment/fixed-copies';
import { capacityOf } from '../profiles/capacity';
import { quantile } from '../statistics/quantile';
import type { RequestList } from '../workload/request-list';
import { type Deployment, worldOf } from './deployment';
import type { InstanceOffer } from './instance-offers';
import type { PlannedSystem } from './planned-system';

/** What a component is asked for on an instance type. */
export interface CopyDemand {
  readonly component: string;
  /** Of a copy at its throughput knee; 0 for what no request calls. */
  readonly copySecondsPerRequest: number;
  /** Requests in flight at which a copy's throughput hardly grows any more. */
  readonly kneeConcurrency: number;
}

const WINDOW_US = 600e6;

/** Seeds decide hardly anything about means. */
const SEED = 0;

export function copyDemands(system: PlannedSystem, offer: InstanceOffer, requests: RequestList): CopyDemand[] {
  const world = worldOf(system, unbounded(system, offer));
  const loads = componentLoads({ agent: system.agent, world }, requests, SEED);
  return system.hosted.map(({ name }) => {
    const load = loads.find(({ component }) => component === name);
    const model = world.components[name]!;
    if (!load || model.kind === 'tool') return { component: name, copySecondsPerRequest: 0, kneeConcurrency: 1 };
    const { kneeConcurrency } = capacityOf(model.copy, load);
    const { copySecondsPerRequest } = load;
    return { component: name, copySecondsPerRequest, kneeConcurrency: Math.max(1, kneeConcurrency) };
  });
}

/** Copies at their knee for a rate, and at least one of each. */
export function copiesAt(demands: readonly CopyDemand[], requestsPerSecond: number): FixedCopies {
  return Object.fromEntries(
    demands.map(({ component, copySecondsPerRequest }) => [
      component,
      Math.max(1, Math.ceil(requestsPerSecond * copySecondsPerRequest)),
    ]),
  );
}

/** Requests per second over windows of ten minutes: their mean, 95th percentile and peak. */
export function ratesOf({ arrivalUs, durationUs, count }: RequestList) {
  const windowUs = Math.min(WINDOW_US, durationUs);
  const windows = new Float64Array(Math.max(1, Math.floor(durationUs / windowUs)));
  for (const atUs of arrivalUs) {
    const window = Math.min(windows.length - 1, Math.floor(atUs / windowUs));
    windows[window]! += 1e6 / windowUs;
  }
  return { mean: count / (durationUs / 1e6), p95: quantile(windows, 0.95), peak: quantile(windows, 1) };
}

/** More than is ever asked for: what bounds copies is decided once their load is known. */
const MOST = 1000;

function unbounded(system: PlannedSystem, offer: InstanceOffer): Deployment {
  return deploymentOf(offer, Object.fromEntries(system.hosted.map(({ name }) => [name, { min: 1, target: 1 }])));
}

/** A deployment whose maximum is not yet known. */
export function deploymentOf(
  offer: InstanceOffer,
  settings: Readonly<Record<string, { readonly min: number; readonly target: number }>>,
): Deployment {
  const copies = Object.entries(settings).map(
    ([name, { min, target }]) => [name, { min, max: Math.max(MOST, min), targetConcurrency: target }] as const,
  );
  const least = copies.reduce((sum, [, { min }]) => sum + min, 0);
  return { offer, maxInstances: Math.max(MOST, least), copies: Object.fromEntries(copies) };
}
