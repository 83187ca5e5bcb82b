import type { RequestList } from '../workload/request-list';
import type { AgentPlan } from './agent-plan';
import { isTaken, itemsOf, workOf } from './node-needs';

/** What the calls of a request ask for, whatever it meets. */
export function neededTokens({ nodes }: AgentPlan, requests: RequestList, seed: number, request: number): number {
  const tokens = {
    promptTokens: requests.promptTokens[request]!,
    outputTokens: requests.outputTokens[request]!,
  };
  let sum = 0;
  for (const node of nodes) {
    if (node.component < 0 || !isTaken(seed, request, node)) continue;
    for (let item = itemsOf(seed, request, node, tokens) - 1; item >= 0; item--) {
      const { promptTokens, outputTokens } = workOf(seed, request, node, item, tokens);
      sum += promptTokens + outputTokens;
    }
  }
  return sum;
}
