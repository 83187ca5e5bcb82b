import type { Scenario } from '../../sim/experiment/scenario';
import { firstRequests } from '../../sim/workload/span';
import { synthesize } from '../../sim/workload/synthesize';
import type { Subject } from './live-agent';

/** The gateway of the local stack gives up after 29 s of real time, and the orchestrator a moment before. */
const LIVE_LIMIT_MS = 28_000;

/** The requests of a scenario, the first ones if a number is given, with a time limit that both sides can keep. */
export function subjectOf(scenario: Scenario, seed: number, speed: number, count: number | undefined): Subject {
  const { agent } = scenario;
  const timeoutMs = Math.min(agent.timeoutMs, LIVE_LIMIT_MS * speed);
  const requests = firstRequests(synthesize(scenario.workload, seed), count ?? Infinity);
  return { scenario: { ...scenario, agent: { ...agent, timeoutMs } }, requests, seed };
}
