import { DAY_MS } from '../../core/time-units';
import { firstRequests } from '../workload/span';
import { deploymentOf } from './copy-demand';
import type { InstanceOffer } from './instance-offers';
import type { PlannedSystem } from './planned-system';
import type { Span } from './spans';
import { tryDeployment } from './trial';

export interface BestPossible {
  readonly offer: InstanceOffer;
  readonly p95Ms: number;
  /** Without which the P95 would fall most, and by how much. */
  readonly slowest: { readonly component: string; readonly takesMs: number };
}

/** So many that no request meets another. */
const ENDLESS_COPIES = 200;

/** Enough for a P95 that nothing but the work decides. */
const REQUESTS = 2000;

/** No request is given up in it: a P95 beyond the timeout of the graph is known too. */
const NO_LIMIT_MS = DAY_MS;

/** The shortest P95 on any of the instance types: with warm copies and time for every request, at any price. */
export function bestPossible(
  system: PlannedSystem,
  offers: readonly InstanceOffer[],
  span: Span,
  seed: number,
): BestPossible {
  const first: Span = { requests: firstRequests(span.requests, REQUESTS), scoreFromUs: 0 };
  const p95Of = (of: PlannedSystem, offer: InstanceOffer) => {
    const names = of.hosted.map(({ name }) => name);
    const copies = Object.fromEntries(names.map((name) => [name, ENDLESS_COPIES]));
    const settings = Object.fromEntries(names.map((name) => [name, { min: 1, target: 1 }]));
    const patient = { ...of, agent: { ...of.agent, timeoutMs: NO_LIMIT_MS } };
    return tryDeployment(patient, deploymentOf(offer, settings), first, seed, copies).p95Ms;
  };
  const alike = new Map(offers.map((offer) => [offer.accelerator, offer]));
  const [best] = [...alike.values()]
    .map((offer) => ({ offer, p95Ms: p95Of(system, offer) }))
    .sort((a, b) => a.p95Ms - b.p95Ms);
  const { offer, p95Ms } = best!;

  const names = [...system.hosted.map(({ name }) => name), ...Object.keys(system.services)];
  const [slowest] = names
    .map((component) => ({ component, takesMs: p95Ms - p95Of(without(system, component), offer) }))
    .sort((a, b) => b.takesMs - a.takesMs);
  return { offer, p95Ms, slowest: slowest! };
}

/** The system with a component that answers at once. */
function without(system: PlannedSystem, component: string): PlannedSystem {
  return {
    ...system,
    hosted: system.hosted.filter(({ name }) => name !== component),
    services: { ...system.services, [component]: { kind: 'tool', durationMs: 0 } },
  };
}
