import type { PlannedNode } from '../agent/agent-plan';
import { isTaken, itemsOf, workOf } from '../agent/node-needs';
import { Purpose } from '../agent/purpose';
import type { CopyProfile, Work } from '../serving/copy-profile';
import type { RequestTokens } from '../workload/distribution';
import { drawAt, quantileFunction } from '../workload/draw';
import type { ComponentModel } from '../world/world-model';
import type { PolicyContext } from './policy';

/** What decides how a request runs if it is alone. */
export type AloneContext = Pick<PolicyContext, 'plan' | 'components' | 'worldModel' | 'requests' | 'seed'>;

/** Told of each call to a model, when it would come. @param component its position */
export type OnCall = (component: number, callUs: number, work: Work, request: number) => void;

/**
 * Plays requests, from the given one on, as if each were the only one: every call has a warm copy to itself, so that
 * nothing waits. No policy ends a request earlier.
 *
 * @returns the latency of each played request, in microseconds
 */
export function playAlone(context: AloneContext, onCall: OnCall, firstRequest = 0): Float64Array {
  const { requests, plan, components, worldModel } = context;
  const durations = components.map((name) => durationOf(worldModel.components[name]!));
  const startUs = new Float64Array(plan.nodes.length);
  const latencyUs = new Float64Array(requests.count - firstRequest);
  for (let request = firstRequest; request < requests.count; request++) {
    const tokens = {
      promptTokens: requests.promptTokens[request]!,
      outputTokens: requests.outputTokens[request]!,
    };
    startUs.fill(requests.arrivalUs[request]! + plan.runUs);
    let lastEndUs = startUs[0]!;
    for (const node of plan.nodes) {
      const atUs = startUs[node.position]!;
      const duration = durations[node.component];
      const endUs = duration ? playNode(context, node, request, tokens, atUs, duration, onCall) : atUs;
      lastEndUs = Math.max(lastEndUs, endUs);
      for (const dependent of plan.dependents[node.position]!)
        startUs[dependent] = Math.max(startUs[dependent]!, endUs);
    }
    latencyUs[request - firstRequest] = lastEndUs - requests.arrivalUs[request]!;
  }
  return latencyUs;
}

interface Duration {
  readonly isModel: boolean;
  readonly seconds: (work: Work, key: number, node: PlannedNode) => number;
}

/** @returns when the node ends */
function playNode(
  { seed, plan, requests }: AloneContext,
  node: PlannedNode,
  request: number,
  tokens: RequestTokens,
  startUs: number,
  { isModel, seconds }: Duration,
  onCall: OnCall,
): number {
  if (!isTaken(seed, requests, request, node)) return startUs;
  const items = itemsOf(seed, request, node, tokens);
  const freeUs = Array<number>(Math.min(items, node.concurrency)).fill(startUs);
  let endUs = startUs;
  for (let item = items - 1; item >= 0; item--) {
    const next = freeUs.indexOf(Math.min(...freeUs));
    const callUs = freeUs[next]! + plan.callUs;
    const work = workOf(seed, request, node, item, tokens);
    const key = drawAt(seed, request, node.position, item, Purpose.serving);
    freeUs[next] = callUs + seconds(work, key, node) * 1e6;
    endUs = Math.max(endUs, freeUs[next]);
    if (isModel) onCall(node.component, callUs, work, request);
  }
  return endUs;
}

function durationOf(model: ComponentModel): Duration {
  if (model.kind !== 'tool') return { isModel: true, seconds: (work) => aloneSeconds(model.copy, work) };
  const durationMs = quantileFunction(model.durationMs);
  return {
    isModel: false,
    // The hedge of a tool may be faster than its first call, by any amount.
    seconds: (work, key, { hedge }) => (hedge ? 0 : durationMs(key, work) / 1000),
  };
}

/**
 * Of a request that has a copy to itself, as the fluid batch serves it: the steps of its prompt, then one step for each
 * further token.
 */
export function aloneSeconds(
  { stepSeconds, maxStepTokens }: CopyProfile,
  { promptTokens, outputTokens }: Work,
): number {
  const { base, perPromptToken, perSequence, perContextToken } = stepSeconds;
  const promptSteps = Math.max(1, promptTokens / maxStepTokens);
  const decodeSteps = outputTokens - 1;
  const context = promptTokens + decodeSteps / 2;
  return (
    base * promptSteps + perPromptToken * promptTokens + decodeSteps * (base + perSequence + perContextToken * context)
  );
}
