import type { CallPolicyOptions } from './call-policies';
import type { ComponentKind } from './component';
import type { GraphTimeout, NodeDefinition, NodeOptions, RetryPolicy } from './definition';
import type { Graph } from './graph';
import type { Join } from './join';
import type { PlanOptions } from './planned';
import { type JsonSchema, toJsonSchema } from './schema';

/** A graph as plain JSON; `schemas/graph.schema.json` is its JSON Schema. */
export interface GraphDescription {
  readonly name: string;
  readonly description?: string;
  /** What a run takes and answers, as JSON Schema. */
  readonly input: JsonSchema;
  readonly output: JsonSchema;
  readonly timeout?: GraphTimeout;
  readonly retry?: RetryPolicy;
  /** What a run may cost, in US dollars. */
  readonly budgetUsd?: number;
  /** Names of the components of which spans hold what they are asked and what they answer; none if left out. */
  readonly traceContents?: readonly string[];
  /** In topological order. */
  readonly nodes: readonly NodeDescription[];
  /** The nodes whose values the output reads. */
  readonly outputNeeds: readonly string[];
  readonly components: readonly ComponentDescription[];
}

export interface NodeDescription extends NodeOptions, PlanOptions {
  readonly id: string;
  readonly kind: NodeDefinition['kind'];
  readonly needs: readonly string[];
  /** How many of the needs it waits for; for all if left out. */
  readonly join?: Join;
  /** Name of the component that the node calls. */
  readonly component?: string;
  /** Names of the components that the tasks of a plan may call. */
  readonly tools?: readonly string[];
  /** What a plan must come to, as JSON Schema. */
  readonly output?: JsonSchema;
  /** The node runs only if its predicate says so. */
  readonly conditional?: true;
  /** The needs that it reads while they are written. */
  readonly reads?: readonly string[];
  /** What it brings is passed on in parts: to the nodes that read it, else to the caller of the run. */
  readonly stream?: boolean;
  /** Most items of a map in flight at once. */
  readonly concurrency?: number;
  /** Stands in for a value that failed or was skipped. */
  readonly default?: unknown;
}

export interface ComponentDescription extends CallPolicyOptions {
  readonly name: string;
  readonly kind: ComponentKind;
  readonly format: 'openai-chat' | 'converse' | 'json' | 'custom';
  readonly concurrency?: number;
  readonly input: JsonSchema;
  readonly output: JsonSchema;
}

export function describeGraph(graph: Graph): GraphDescription {
  const { nodes, result, input, output, chat: _, ...rest } = graph.definition;
  return toPlainJson({
    ...rest,
    input: toJsonSchema(input, 'input'),
    output: toJsonSchema(output, 'output'),
    nodes: nodes.map(describeNode),
    outputNeeds: result.needs,
    components: graph.components().map(({ format, ...component }) => ({
      ...component,
      format: typeof format === 'string' ? format : 'custom',
      input: toJsonSchema(component.input, 'input'),
      output: toJsonSchema(component.output, 'output'),
    })),
  });
}

/** What a node is beside its functions, which have no JSON. */
function describeNode(node: NodeDefinition): object {
  const { when, ...rest } = node;
  return {
    ...rest,
    ...(node.kind !== 'compute' && { call: undefined, component: node.call.name }),
    ...(when && { conditional: true }),
    ...(node.kind === 'plan' && {
      tools: node.tools.map(({ name }) => name),
      output: node.output && toJsonSchema(node.output, 'output'),
    }),
  };
}

/** Without functions and whatever else JSON has no word for. */
function toPlainJson(value: object): GraphDescription {
  return JSON.parse(JSON.stringify(value));
}
