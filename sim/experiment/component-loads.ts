import { planAgent } from '../agent/agent-plan';
import { isTaken, itemsOf, workOf } from '../agent/node-needs';
import { capacityOf } from '../profiles/capacity';
import type { RequestList } from '../workload/request-list';
import type { Scenario } from './scenario';

/** What an average request asks of one model. */
export interface ComponentLoad {
  readonly component: string;
  readonly callsPerRequest: number;
  /** Means over its calls. */
  readonly promptTokens: number;
  readonly outputTokens: number;
  /** Of a copy at its throughput knee. */
  readonly copySecondsPerRequest: number;
}

/** Enough for means within a few percent. */
const SAMPLED_REQUESTS = 4000;

/** From what is drawn for requests evenly spread over the list; components that no request calls are left out. */
export function componentLoads(
  { agent, world }: Pick<Scenario, 'agent' | 'world'>,
  requests: RequestList,
  seed: number,
): ComponentLoad[] {
  const components = Object.keys(world.components);
  const plan = planAgent(agent, components, { isSequential: false });
  const sums = components.map(() => ({ calls: 0, promptTokens: 0, outputTokens: 0 }));
  const stride = Math.max(1, Math.floor(requests.count / SAMPLED_REQUESTS));
  let sampled = 0;
  for (let request = 0; request < requests.count; request += stride) {
    sampled++;
    const tokens = { promptTokens: requests.promptTokens[request]!, outputTokens: requests.outputTokens[request]! };
    for (const node of plan.nodes) {
      const sum = sums[node.component];
      if (!sum || !isTaken(seed, requests, request, node)) continue;
      const items = itemsOf(seed, request, node, tokens);
      for (let item = 0; item < items; item++) {
        const work = workOf(seed, request, node, item, tokens);
        sum.calls++;
        sum.promptTokens += work.promptTokens;
        sum.outputTokens += work.outputTokens;
      }
    }
  }
  return components.flatMap((component, at) => {
    const model = world.components[component]!;
    const { calls, ...tokens } = sums[at]!;
    if (model.kind === 'tool' || calls === 0) return [];
    const work = { promptTokens: tokens.promptTokens / calls, outputTokens: tokens.outputTokens / calls };
    const { points, kneeConcurrency } = capacityOf(model.copy, work);
    const callsPerRequest = calls / sampled;
    const copySecondsPerRequest = callsPerRequest / points[Math.max(1, kneeConcurrency) - 1]!.throughputRps;
    return [{ component, callsPerRequest, ...work, copySecondsPerRequest }];
  });
}
