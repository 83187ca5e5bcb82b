import type { Prefix, Work } from '../serving/copy-profile';
import type { RequestTokens } from '../workload/distribution';
import { drawAt } from '../workload/draw';
import { clientOf, type RequestList } from '../workload/request-list';
import { MOST_VARIANTS, type SharedPrefix } from './agent-model';
import type { PlannedNode, TokenCount } from './agent-plan';
import { Purpose } from './purpose';

/** Of what is not drawn: any probability gives the same. */
const NO_DRAW = 0.5;

/** Whether a request takes the branch of a node: the same in every world of that seed, as all that it needs is. */
export function isTaken(seed: number, requests: RequestList, request: number, node: PlannedNode): boolean {
  const { probability, position } = node;
  const share = typeof probability === 'number' ? probability : (probability[clientOf(requests, request) ?? ''] ?? 0);
  return share >= 1 || drawAt(seed, request, position, 0, Purpose.branch) < share;
}

/** The share of requests that take the branch of a node, if all clients send as many. */
export function meanShare({ probability }: PlannedNode, { clients }: RequestList): number {
  if (typeof probability === 'number') return probability;
  const names = clients?.names ?? [];
  return names.reduce((sum, name) => sum + (probability[name] ?? 0), 0) / Math.max(1, names.length);
}

/** How often a request calls the component of a node. */
export function itemsOf(
  seed: number,
  request: number,
  { items, position }: PlannedNode,
  tokens: RequestTokens,
): number {
  if (!items) return 1;
  return Math.max(0, Math.round(items(drawAt(seed, request, position, 0, Purpose.items), tokens)));
}

/** What one of these calls asks for. */
export function workOf(seed: number, request: number, node: PlannedNode, item: number, tokens: RequestTokens): Work {
  const work = {
    promptTokens: tokensOf(node.promptTokens, seed, request, node, item, Purpose.prompt, tokens),
    outputTokens: tokensOf(node.outputTokens, seed, request, node, item, Purpose.output, tokens),
  };
  return node.sharedPrefix ? { ...work, prefix: prefixOf(seed, request, node, item, node.sharedPrefix) } : work;
}

function tokensOf(
  { quantile, isDrawn }: TokenCount,
  seed: number,
  request: number,
  { position }: PlannedNode,
  item: number,
  purpose: number,
  tokens: RequestTokens,
): number {
  const probability = isDrawn ? drawAt(seed, request, position, item, purpose) : NO_DRAW;
  return Math.max(1, Math.round(quantile(probability, tokens)));
}

/** Nodes share none with each other. */
function prefixOf(
  seed: number,
  request: number,
  { position }: PlannedNode,
  item: number,
  { tokens, variants }: Required<SharedPrefix>,
): Prefix {
  const variant = variants === 1 ? 0 : Math.floor(variants * drawAt(seed, request, position, item, Purpose.prefix));
  return { key: position * MOST_VARIANTS + variant, tokens };
}
