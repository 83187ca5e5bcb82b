import type { RetryPolicy } from '../../core/graph/definition';
import { RETRY_DEFAULTS } from '../../core/run/backoff';
import type { HedgePolicy } from '../../core/run/hedge';
import type { Distribution } from '../workload/distribution';
import { isDrawn, type Quantile, quantileFunction } from '../workload/draw';
import type { AgentModel, AgentNode, SharedPrefix } from './agent-model';

/** How many tokens calls have. */
export interface TokenCount {
  readonly quantile: Quantile;
  /** Whether they depend on a draw, and not on the request alone. */
  readonly isDrawn: boolean;
}

/** A node, prepared for runs. */
export interface PlannedNode {
  readonly id: string;
  readonly position: number;
  /** Position of its component; -1 for a pure function. */
  readonly component: number;
  readonly probability: number | Readonly<Record<string, number>>;
  /** Absent for a single call. */
  readonly items: Quantile | undefined;
  readonly concurrency: number;
  readonly hedge: HedgePolicy | undefined;
  readonly promptTokens: TokenCount;
  readonly outputTokens: TokenCount;
  readonly sharedPrefix: Required<SharedPrefix> | undefined;
}

/** A graph, prepared for runs. */
export interface AgentPlan {
  readonly nodes: readonly PlannedNode[];
  readonly dependents: readonly (readonly number[])[];
  readonly needCounts: readonly number[];
  readonly roots: readonly number[];
  readonly timeoutUs: number;
  readonly retry: Required<RetryPolicy>;
  readonly runUs: number;
  readonly callUs: number;
}

export interface PlanOptions {
  /** One node, and one item, after another, as a program without a scheduler would. */
  readonly isSequential: boolean;
  /** As if each copy had computed all that prompts share long before: no call takes less work than that. @default false */
  readonly isPrefixFree?: boolean;
}

const DEFAULT_ORCHESTRATION = { runMs: 5, callMs: 1 };

/**
 * @param components names, whose positions the plan refers to
 * @throws RangeError if a node names a component that is not among them, needs a node that is not before it, or lets no
 * call of its map be in flight
 */
export function planAgent(agent: AgentModel, components: readonly string[], options: PlanOptions): AgentPlan {
  const { isSequential } = options;
  const position = new Map(agent.nodes.map(({ id }, at) => [id, at]));
  const needs = agent.nodes.map((node, at) =>
    isSequential ? (at === 0 ? [] : [at - 1]) : node.needs.map((need) => positionBefore(at, need, node, position)),
  );
  const dependents: number[][] = agent.nodes.map(() => []);
  needs.forEach((each, at) => {
    for (const need of each) dependents[need]!.push(at);
  });
  const { runMs, callMs } = agent.orchestration ?? DEFAULT_ORCHESTRATION;
  return {
    nodes: agent.nodes.map((node, at) => planNode(node, at, components, options)),
    dependents,
    needCounts: needs.map(({ length }) => length),
    roots: needs.flatMap(({ length }, at) => (length === 0 ? [at] : [])),
    timeoutUs: Math.round(agent.timeoutMs * 1000),
    retry: { ...RETRY_DEFAULTS, ...agent.retry },
    runUs: Math.round(runMs * 1000),
    callUs: Math.round(callMs * 1000),
  };
}

function positionBefore(at: number, need: string, { id }: AgentNode, position: ReadonlyMap<string, number>): number {
  const before = position.get(need);
  if (before !== undefined && before < at) return before;
  throw new RangeError(`node ${id} needs ${need}, which must be a node before it`);
}

function positionOf(component: string, { id }: AgentNode, components: readonly string[]): number {
  const at = components.indexOf(component);
  if (at >= 0) return at;
  throw new RangeError(`node ${id} calls ${component}, which must be one of: ${components.join(', ')}`);
}

function planNode(
  node: AgentNode,
  position: number,
  components: readonly string[],
  { isSequential, isPrefixFree = false }: PlanOptions,
): PlannedNode {
  const { id, component, probability = 1, items, concurrency = Infinity, hedge, outputTokens } = node;
  if (!(concurrency >= 1)) throw new RangeError(`node ${id}: concurrency must be at least 1, got: ${concurrency}`);
  return {
    id,
    position,
    component: component === undefined ? -1 : positionOf(component, node, components),
    probability,
    items: items === undefined ? undefined : quantileFunction(items),
    concurrency: isSequential ? 1 : concurrency,
    hedge,
    ...promptOf(node, isPrefixFree),
    outputTokens: tokenCount(outputTokens ?? { request: 'outputTokens' }),
  };
}

function promptOf({ promptTokens, sharedPrefix }: AgentNode, isPrefixFree: boolean) {
  const count = tokenCount(promptTokens ?? { request: 'promptTokens' });
  if (!sharedPrefix) return { promptTokens: count, sharedPrefix: undefined };
  const { tokens, variants = 1 } = sharedPrefix;
  const whole: Quantile = (probability, request) => Math.max(tokens + 1, count.quantile(probability, request));
  if (!isPrefixFree) return { promptTokens: { ...count, quantile: whole }, sharedPrefix: { tokens, variants } };
  const own: Quantile = (probability, request) => whole(probability, request) - tokens;
  return { promptTokens: { ...count, quantile: own }, sharedPrefix: undefined };
}

function tokenCount(distribution: Distribution): TokenCount {
  return { quantile: quantileFunction(distribution), isDrawn: isDrawn(distribution) };
}
