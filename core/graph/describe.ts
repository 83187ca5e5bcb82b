import type { ComponentKind } from './component';
import type { GraphTimeout, NodeDefinition, NodeOptions, RetryPolicy } from './definition';
import type { Graph } from './graph';
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
  /** In topological order. */
  readonly nodes: readonly NodeDescription[];
  /** The nodes whose values the output reads. */
  readonly outputNeeds: readonly string[];
  readonly components: readonly ComponentDescription[];
}

export interface NodeDescription extends NodeOptions {
  readonly id: string;
  readonly kind: NodeDefinition['kind'];
  readonly needs: readonly string[];
  /** Name of the component that the node calls. */
  readonly component?: string;
  /** The node runs only if its predicate says so. */
  readonly conditional?: true;
  /** Most items of a map in flight at once. */
  readonly concurrency?: number;
  /** Stands in for a value that failed or was skipped. */
  readonly default?: unknown;
}

export interface ComponentDescription {
  readonly name: string;
  readonly kind: ComponentKind;
  readonly format: 'openai-chat' | 'converse' | 'json' | 'custom';
  readonly concurrency?: number;
  readonly input: JsonSchema;
  readonly output: JsonSchema;
}

export function describeGraph(graph: Graph): GraphDescription {
  const { name, description, input, output, timeout, retry, nodes, result } = graph.definition;
  return withoutUndefined({
    name,
    description,
    input: toJsonSchema(input, 'input'),
    output: toJsonSchema(output, 'output'),
    timeout,
    retry,
    nodes: nodes.map(describeNode),
    outputNeeds: result.needs,
    components: graph.components().map((component) =>
      withoutUndefined({
        name: component.name,
        kind: component.kind,
        format: typeof component.format === 'string' ? component.format : ('custom' as const),
        concurrency: component.concurrency,
        input: toJsonSchema(component.input, 'input'),
        output: toJsonSchema(component.output, 'output'),
      }),
    ),
  });
}

function describeNode(node: NodeDefinition): NodeDescription {
  const { id, kind, needs, when, optional, timeout, retry } = node;
  return withoutUndefined({
    id,
    kind,
    needs,
    component: node.kind === 'compute' ? undefined : node.call.name,
    conditional: when ? (true as const) : undefined,
    optional,
    default: node.default,
    concurrency: node.kind === 'map' ? node.concurrency : undefined,
    timeout,
    retry,
  });
}

type Present<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

function withoutUndefined<T extends object>(object: T): Present<T> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as Present<T>;
}
