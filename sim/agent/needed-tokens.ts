import type { RequestList } from '../workload/request-list';
import type { AgentPlan } from './agent-plan';
import { isTaken, itemsOf, workOf } from './node-needs';

/** What the calls of each request ask for, whatever it meets. */
export function neededTokens({ nodes }: AgentPlan, requests: RequestList, seed: number): Float64Array {
  const needed = new Float64Array(requests.count);
  for (let request = 0; request < requests.count; request++) {
    const tokens = {
      promptTokens: requests.promptTokens[request]!,
      outputTokens: requests.outputTokens[request]!,
    };
    for (const node of nodes) {
      if (node.component < 0 || !isTaken(seed, requests, request, node)) continue;
      for (let item = itemsOf(seed, request, node, tokens) - 1; item >= 0; item--) {
        const { promptTokens, outputTokens } = workOf(seed, request, node, item, tokens);
        needed[request]! += promptTokens + outputTokens;
      }
    }
  }
  return needed;
}
