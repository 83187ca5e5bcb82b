import type { PlannedNode } from '../../agent/agent-plan';
import { isTaken, itemsOf, workOf } from '../../agent/node-needs';
import { Purpose } from '../../agent/purpose';
import type { CopyProfile, Work } from '../../serving/copy-profile';
import type { RequestTokens } from '../../workload/distribution';
import { drawAt, type Quantile, quantileFunction } from '../../workload/draw';
import type { PolicyContext } from '../policy';

/** The calls to one model, in columns, as they come if nobody ever waits. */
export interface ModelCalls {
  readonly arrivalUs: number[];
  /** In a copy that holds its target concurrency. */
  readonly serviceSeconds: number[];
}

/** The calls that all requests of a run will make, from what is drawn for them: by component, empty for tools. */
export function expectedCalls(context: PolicyContext): ModelCalls[] {
  const { requests, plan, components } = context;
  const calls = components.map((): ModelCalls => ({ arrivalUs: [], serviceSeconds: [] }));
  const servers = components.map((name) => serverOf(name, context));
  const startUs = new Float64Array(plan.nodes.length);
  for (let request = 0; request < requests.count; request++) {
    const tokens = {
      promptTokens: requests.promptTokens[request]!,
      outputTokens: requests.outputTokens[request]!,
    };
    startUs.fill(requests.arrivalUs[request]! + plan.runUs);
    for (const node of plan.nodes) {
      const atUs = startUs[node.position]!;
      const server = servers[node.component];
      const endUs = server ? playNode(context, node, request, tokens, atUs, server, calls[node.component]!) : atUs;
      for (const dependent of plan.dependents[node.position]!)
        startUs[dependent] = Math.max(startUs[dependent]!, endUs);
    }
  }
  return calls;
}

/** How long a call takes: alone, and at the load that is held. */
interface ExpectedServer {
  readonly isModel: boolean;
  readonly aloneSeconds: (work: Work, key: number) => number;
  readonly loadedSeconds: (work: Work) => number;
}

/** @returns when the node ends */
function playNode(
  { seed, plan, requests }: PolicyContext,
  node: PlannedNode,
  request: number,
  tokens: RequestTokens,
  startUs: number,
  server: ExpectedServer,
  calls: ModelCalls,
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
    freeUs[next] = callUs + server.aloneSeconds(work, key) * 1e6;
    endUs = Math.max(endUs, freeUs[next]);
    if (!server.isModel) continue;
    calls.arrivalUs.push(callUs);
    calls.serviceSeconds.push(server.loadedSeconds(work));
  }
  return endUs;
}

function serverOf(name: string, { world, worldModel }: PolicyContext): ExpectedServer {
  const model = worldModel.components[name]!;
  if (model.kind === 'tool') {
    const durationMs: Quantile = quantileFunction(model.durationMs);
    return { isModel: false, aloneSeconds: (work, key) => durationMs(key, work) / 1000, loadedSeconds: () => 0 };
  }
  const target = world.models.find((each) => each.name === name)?.autoscaler?.targetConcurrency ?? 1;
  const concurrency = Math.min(target, model.copy.maxSequences);
  return {
    isModel: true,
    aloneSeconds: (work) => serviceSeconds(model.copy, work, 1),
    loadedSeconds: (work) => serviceSeconds(model.copy, work, concurrency),
  };
}

/** Of a request among others like it: a step takes in as much prompt and holds as much context as each brings. */
function serviceSeconds(
  { stepSeconds }: CopyProfile,
  { promptTokens, outputTokens }: Work,
  concurrency: number,
): number {
  const { base, perPromptToken, perSequence, perContextToken } = stepSeconds;
  const context = promptTokens + outputTokens / 2;
  const own = perPromptToken * promptTokens + outputTokens * (perSequence + perContextToken * context);
  return base * outputTokens + concurrency * own;
}
