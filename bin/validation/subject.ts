import type { Scenario } from '../../sim/experiment/scenario';
import type { RequestList } from '../../sim/workload/request-list';
import { synthesize } from '../../sim/workload/synthesize';
import type { Subject } from './live-agent';

/** The gateway of the local stack gives up after 29 s of real time, and the orchestrator a moment before. */
const LIVE_LIMIT_MS = 28_000;

/** The requests of a scenario, the first ones if a number is given, with a time limit that both sides can keep. */
export function subjectOf(scenario: Scenario, seed: number, speed: number, count: number | undefined): Subject {
  const { agent } = scenario;
  const timeoutMs = Math.min(agent.timeoutMs, LIVE_LIMIT_MS * speed);
  const requests = firstOf(synthesize(scenario.workload, seed), count);
  return { scenario: { ...scenario, agent: { ...agent, timeoutMs } }, requests, seed };
}

function firstOf(requests: RequestList, count: number | undefined): RequestList {
  if (count === undefined || count >= requests.count) return requests;
  const { arrivalUs, promptTokens, outputTokens } = requests;
  return {
    count,
    arrivalUs: arrivalUs.subarray(0, count),
    promptTokens: promptTokens.subarray(0, count),
    outputTokens: outputTokens.subarray(0, count),
    durationUs: Math.max(1, arrivalUs[count]!),
  };
}
