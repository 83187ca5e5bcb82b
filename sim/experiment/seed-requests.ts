import { planAgent } from '../agent/agent-plan';
import { neededTokens } from '../agent/needed-tokens';
import { fingerprint } from '../workload/fingerprint';
import type { RequestList } from '../workload/request-list';
import { synthesize } from '../workload/synthesize';
import type { Scenario } from './scenario';

/** What all cells of a seed have in common. */
export interface SeedRequests {
  readonly seed: number;
  readonly requests: RequestList;
  readonly fingerprint: string;
  /** What the calls of each request ask for. */
  readonly neededTokens: Float64Array;
}

/** One seed of each scenario: its cells are run one after another. */
const kept = new WeakMap<Scenario, SeedRequests>();

export function seedRequests(scenario: Scenario, seed: number): SeedRequests {
  const known = kept.get(scenario);
  if (known?.seed === seed) return known;
  const { agent, world, workload } = scenario;
  const requests = synthesize(workload, seed);
  const plan = planAgent(agent, Object.keys(world.components), { isSequential: false });
  const made: SeedRequests = {
    seed,
    requests,
    fingerprint: fingerprint(requests),
    neededTokens: neededTokens(plan, requests, seed),
  };
  kept.set(scenario, made);
  return made;
}
