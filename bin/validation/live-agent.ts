import { type Component, model as chatModel } from '../../core/graph/component';
import type { NodeDefinition, Values } from '../../core/graph/definition';
import { Graph } from '../../core/graph/graph';
import type { Schema } from '../../core/graph/schema';
import type { Clock } from '../../core/run/call';
import type { LocalComponent, LocalSystem } from '../../local';
import type { LocalFunction } from '../../local/world';
import { textOfTokens } from '../../local/world/chat-text';
import { type PlannedNode, planAgent } from '../../sim/agent/agent-plan';
import { isTaken, itemsOf, workOf } from '../../sim/agent/node-needs';
import { Purpose } from '../../sim/agent/purpose';
import type { Scenario } from '../../sim/experiment/scenario';
import { drawAt, quantileFunction } from '../../sim/workload/draw';
import type { RequestList } from '../../sim/workload/request-list';
import type { ComponentModel } from '../../sim/world/world-model';
import { modelBackend, toolBackend } from './backends';

/** What a run of a live agent gets: all else follows from the number of its request. */
export interface LiveInput {
  readonly request: number;
}

export const AGENT_NAME = 'validated';

/** What both sides of a validation have in common. */
export interface Subject {
  readonly scenario: Pick<Scenario, 'agent' | 'world' | 'objective'>;
  readonly requests: RequestList;
  /** Of what the requests need, and of the cold starts. */
  readonly seed: number;
}

/**
 * The agent of a scenario as a graph that runs: its nodes call with texts of as many tokens, and for as many items, as the
 * simulator draws for the same request, its models answer as long, and its tools take as long on the clock.
 */
export function liveSystem({ scenario, requests, seed }: Subject, clock: Clock): LocalSystem {
  const { agent, world } = scenario;
  const names = Object.keys(world.components);
  const plan = planAgent(agent, names, { isSequential: false });
  const ids = plan.nodes.map(({ id }) => id);
  const nodes = plan.nodes.map((node, at) => {
    const name = names[node.component];
    const needs = new Needs(node, requests, seed, name === undefined ? undefined : world.components[name]);
    return nodeDefinition(node, agent.nodes[at]!.needs, name, needs);
  });
  return {
    graph: new Graph({
      name: AGENT_NAME,
      input: ANYTHING,
      timeout: { totalMs: agent.timeoutMs },
      ...(agent.retry && { retry: agent.retry }),
      nodes,
      result: { needs: ids, run: () => null },
    }),
    components: Object.fromEntries(
      Object.entries(world.components).map(([name, component]) => [name, standIn(name, component, clock)]),
    ),
    example: { request: 0 } satisfies LiveInput,
  };
}

/** Only the validation itself sends requests. */
const ANYTHING: Schema = { '~standard': { version: 1, vendor: 'compound', validate: (value) => ({ value }) } };

/** What the requests need at one node. */
class Needs {
  readonly #toolMs: ReturnType<typeof quantileFunction> | undefined;

  constructor(
    private readonly node: PlannedNode,
    private readonly requests: RequestList,
    private readonly seed: number,
    component: ComponentModel | undefined,
  ) {
    this.#toolMs = component?.kind === 'tool' ? quantileFunction(component.durationMs) : undefined;
  }

  get isOfTool(): boolean {
    return this.#toolMs !== undefined;
  }

  isTaken(request: number): boolean {
    return isTaken(this.seed, this.requests, request, this.node);
  }

  items(request: number): number {
    return itemsOf(this.seed, request, this.node, this.#tokens(request));
  }

  input(request: number, item: number): object {
    const work = workOf(this.seed, request, this.node, item, this.#tokens(request));
    if (this.#toolMs) {
      const key = drawAt(this.seed, request, this.node.position, item, Purpose.serving);
      return { durationMs: this.#toolMs(key, work) };
    }
    const messages = [{ role: 'user', content: textOfTokens(work.promptTokens) }];
    return { messages, maxTokens: work.outputTokens };
  }

  #tokens(request: number) {
    return {
      promptTokens: this.requests.promptTokens[request]!,
      outputTokens: this.requests.outputTokens[request]!,
    };
  }
}

const requestOf = ({ input }: Values): number => (input as LiveInput).request;

function nodeDefinition(
  { id, items, probability, concurrency, component: position }: PlannedNode,
  needed: readonly string[],
  name: string | undefined,
  needs: Needs,
): NodeDefinition {
  const when = probability !== 1 ? { when: (values: Values) => needs.isTaken(requestOf(values)) } : {};
  const base = { id, needs: needed, ...when };
  if (position < 0 || name === undefined) return { ...base, kind: 'compute', run: () => null };
  const call = needs.isOfTool ? tool(name) : chatModel(name);
  if (!items) return { ...base, kind: 'call', call, input: (values) => needs.input(requestOf(values), 0) };
  return {
    ...base,
    kind: 'map',
    call,
    over: (values) => Array.from({ length: needs.items(requestOf(values)) }, (_, item) => item),
    input: (item: number, values: Values) => needs.input(requestOf(values), item),
    ...(concurrency < Infinity && { concurrency }),
  };
}

const tool = (name: string): Component => ({ kind: 'tool', name, format: 'json' });

function standIn(name: string, model: ComponentModel, clock: Clock): LocalComponent {
  if (model.kind === 'tool') return { kind: 'function', backend: toolBackend(name), handler: waitOn(clock) };
  const backend = modelBackend(name, model);
  return { kind: 'chat-model', backend, behaviour: model, brain: ({ maxTokens = 1 }) => textOfTokens(maxTokens) };
}

function waitOn(clock: Clock): LocalFunction['handler'] {
  return (event) =>
    new Promise((resolve) => {
      const { durationMs } = event as { readonly durationMs: number };
      clock.setTimer(() => resolve({}), durationMs);
    });
}
