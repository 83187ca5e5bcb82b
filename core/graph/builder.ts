import type { ChatAnswer, ChatInput } from './chat';
import type { ChatMapping } from './chat-model';
import type { Component } from './component';
import type {
  ComputeContext,
  GraphDefinition,
  GraphTimeout,
  NodeDefinition,
  NodeTimeout,
  RetryPolicy,
} from './definition';
import { Graph } from './graph';
import { isList, type Join, joinNeeds } from './join';
import type { PlanOptions, PlanValue } from './planned';
import type { InputOf, OutputOf, Schema } from './schema';
import type { StreamNeed } from './stream';

export interface GraphOptions<I extends Schema, O extends Schema> {
  /** What a run takes; checked before anything starts. */
  readonly input: I;
  /** What a run answers; checked before it is returned. */
  readonly output?: O;
  /** One sentence for people and API documents. */
  readonly description?: string;
  /** Time limits of the run, and of each node that sets none of its own. */
  readonly timeout?: GraphTimeout;
  /** Retry policy of each node that sets none of its own. */
  readonly retry?: RetryPolicy;
  /** Once a run has cost so much, in US dollars, it makes no further call; those under way are let end. */
  readonly budgetUsd?: number;
  /** How it is a chat model to callers who know of chats only, such as clients of OpenAI, as far as its schemas do not say it. */
  readonly chat?: ChatMapping<InputOf<I>, OutputOf<O>>;
  /**
   * Names of the components of which OpenTelemetry spans hold what they are asked and what they answer, which may be personal
   * data. Nothing of what other components hear and say is ever recorded, though these may be asked with what others said.
   *
   * @default - none
   */
  readonly traceContents?: readonly string[];
}

/**
 * Starts the definition of an agent.
 *
 * A node can only need nodes defined before it, so a graph has no cycles. TypeScript refuses a need that does not
 * exist, a second node of the same name, an edge of the wrong type and the reading of an undeclared need.
 */
export function graph<I extends Schema, O extends Schema = Schema<unknown>>(
  name: string,
  options: GraphOptions<I, O>,
): GraphBuilder<OutputOf<I>, Record<never, never>, InputOf<I>, O> {
  return new GraphBuilder({ name, ...options }, undefined);
}

/** A node that calls a component once. */
export interface CallSpec<V, C extends Component> extends Options<V, ComponentOutput<C>> {
  readonly call: C;
  readonly input: (values: V) => ComponentInput<C>;
  /**
   * Passes the text of a chat model on while it is written: to the nodes that need `streamOf` it, else to the caller of the
   * run. Nothing that was passed on can be taken back, so from its first part on the call is not tried again.
   */
  readonly stream?: ChatAnswer extends ComponentOutput<C> ? true : never;
  readonly retry?: RetryPolicy;
}

/** A node that calls a component for each item of a list. `optional` and `default` apply to each item. */
export interface MapSpec<V, Item, C extends Component> extends Options<V, ComponentOutput<C>> {
  /** The list, or a stream of which each item is called for as it comes. */
  readonly over: (values: V) => readonly Item[] | AsyncIterable<Item>;
  readonly call: C;
  readonly input: (item: Item, values: V, index: number) => ComponentInput<C>;
  /** Most items in flight at once; all of them if left out. */
  readonly concurrency?: number;
  /** Passes its answers on as they come, in the order of the items, to the nodes that need `streamOf` it. */
  readonly stream?: true;
  readonly retry?: RetryPolicy;
}

/** A node whose calls a planner model decides on while it runs. */
export interface PlanSpec<V, C extends Component, Tool extends Component, O extends Schema>
  extends Options<V, PlanValue<ComponentOutput<Tool>, OutputOf<O>>>,
    PlanOptions {
  /** The planner: a chat model without an output schema, whose text is the plan. */
  readonly call: C;
  /** What the tasks of the plan may call. Its schemas tell the planner how. */
  readonly tools: readonly Tool[];
  /** What is to be planned; how to write a plan, and with which tools, is told to the planner before. */
  readonly input: (values: V) => ChatInput;
  /** What the plan must come to. */
  readonly output?: O;
  readonly retry?: RetryPolicy;
}

/** A function that yields; its value is the list of what it has yielded. */
export interface StreamSpec<V, Chunk> extends Options<V, readonly Chunk[]> {
  /** Passes what it yields on at once: to the nodes that need `streamOf` it; if none does, texts go to the caller of the run. */
  readonly stream: true;
}

interface Options<V, Output> {
  /** Whether the node runs at all. A skipped node has its default as value, or undefined. */
  readonly when?: (values: V) => boolean;
  /** A failure, its own or of what it needs, leaves the value undefined instead of stopping the nodes that need it. */
  readonly optional?: true;
  /** The value of a node that was skipped, failed, or stopped by a failure of what it needs. */
  readonly default?: Output;
  readonly timeout?: NodeTimeout;
}

/**
 * The options that a node was given. Which are there, not only what they hold, decides the type of the node's value,
 * so the literal's keys are inferred.
 */
type Given<Key extends PropertyKey> = { readonly [K in Key]: unknown };

type ComponentInput<C extends Component> = NonNullable<C['~types']>['input'];
type ComponentOutput<C extends Component> = NonNullable<C['~types']>['output'];

/**
 * What a node sees: the run's input, and the values of the nodes it declared to need, or what it reads of them. A branch of a
 * join may be missing.
 */
type ValuesOf<Input, Nodes, Need, Branch = never, Streams = unknown, Read = never> = {
  readonly [K in Need | Branch | Read | 'input' as K & string]: K extends 'input'
    ? Input
    : K extends Read
      ? AsyncIterable<K extends keyof Streams ? Streams[K] : never>
      : K extends keyof Nodes
        ? Nodes[K] | (K extends Branch ? undefined : never)
        : never;
};

/** What a node waits for, and what it reads while it is written. */
type Needs<Need extends string, Branch extends string, Read extends string> =
  | readonly (Need | StreamNeed<Read>)[]
  | Join<Branch>;

/** The chunks of a node that streams. */
type Streamed<Id extends string, Chunk, Key> = 'stream' extends Key ? Record<Id, Chunk> : unknown;

/** Refuses, with a readable type, an id that is taken. An index signature (a graph built in a loop) accepts any. */
type NewId<Id extends string, Nodes> = string extends keyof Nodes
  ? Id
  : Id extends keyof Nodes | 'input' | 'output'
    ? `"${Id}" is taken: choose another id`
    : Id;

/** The value of a node that may be skipped or fail without stopping anything. */
type Value<Output, Key> = 'default' extends Key
  ? Output
  : Extract<Key, 'when' | 'optional'> extends never
    ? Output
    : Output | undefined;

/** The value of a map: `default` and `optional` apply to its items, `when` to the list. */
type ListValue<Item, Key> = Value<Value<Item, Exclude<Key, 'when'>>[], Extract<Key, 'when'>>;

type Planned<Id extends string, Tool extends Component, O extends Schema, Key> = Record<
  Id,
  Value<PlanValue<ComponentOutput<Tool>, OutputOf<O>>, Key>
>;

/**
 * Defines a graph node by node. Immutable: each method returns a longer graph, so a common beginning can be shared.
 *
 * @typeParam Input what nodes see as `input`
 * @typeParam Nodes the values of the nodes so far, by id
 * @typeParam Request what a caller passes, before the defaults and transforms of the input schema
 * @typeParam Name names of the components so far
 * @typeParam Streams the chunks of the nodes that stream, by id
 */
export class GraphBuilder<
  Input,
  Nodes,
  Request = Input,
  Output extends Schema = Schema<unknown>,
  Name extends string = never,
  Streams = unknown,
> {
  /** @internal use `graph()` */
  constructor(
    private readonly header: Omit<GraphDefinition, 'nodes' | 'result'>,
    private readonly last: Link | undefined,
  ) {}

  /** Adds a call of a component. It starts when all that it needs has ended, or when so much of it has as a join says. */
  node<const Id extends string, C extends Component, Key extends keyof CallSpec<any, any>>(
    id: NewId<Id, Nodes>,
    spec: CallSpec<ValuesOf<Input, Nodes, never>, C> & Given<Key>,
  ): GraphBuilder<
    Input,
    Nodes & Record<Id, Value<ComponentOutput<C>, Key>>,
    Request,
    Output,
    Name | C['name'],
    Streams & Streamed<Id, string, Key>
  >;
  node<
    const Id extends string,
    C extends Component,
    Key extends keyof CallSpec<any, any>,
    const Need extends keyof Nodes & string = never,
    const Branch extends keyof Nodes & string = never,
  >(
    id: NewId<Id, Nodes>,
    needs: readonly Need[] | Join<Branch>,
    spec: CallSpec<ValuesOf<Input, Nodes, Need, Branch>, C> & Given<Key>,
  ): GraphBuilder<
    Input,
    Nodes & Record<Id, Value<ComponentOutput<C>, Key>>,
    Request,
    Output,
    Name | C['name'],
    Streams & Streamed<Id, string, Key>
  >;
  node(id: string, ...rest: unknown[]): GraphBuilder<any, any, any, any, any, any> {
    return this.add('call', id, rest);
  }

  /** Adds one call of a component for each item of a list; its value is the list of the answers, in order. */
  map<const Id extends string, Item, C extends Component, Key extends keyof MapSpec<any, any, any>>(
    id: NewId<Id, Nodes>,
    spec: MapSpec<ValuesOf<Input, Nodes, never>, Item, C> & Given<Key>,
  ): GraphBuilder<
    Input,
    Nodes & Record<Id, ListValue<ComponentOutput<C>, Key>>,
    Request,
    Output,
    Name | C['name'],
    Streams & Streamed<Id, Value<ComponentOutput<C>, Exclude<Key, 'when'>>, Key>
  >;
  map<
    const Id extends string,
    Item,
    C extends Component,
    Key extends keyof MapSpec<any, any, any>,
    const Need extends keyof Nodes & string = never,
    const Branch extends keyof Nodes & string = never,
    const Read extends keyof Streams & string = never,
  >(
    id: NewId<Id, Nodes>,
    needs: Needs<Need, Branch, Read>,
    spec: MapSpec<ValuesOf<Input, Nodes, Need, Branch, Streams, Read>, Item, C> & Given<Key>,
  ): GraphBuilder<
    Input,
    Nodes & Record<Id, ListValue<ComponentOutput<C>, Key>>,
    Request,
    Output,
    Name | C['name'],
    Streams & Streamed<Id, Value<ComponentOutput<C>, Exclude<Key, 'when'>>, Key>
  >;
  map(id: string, ...rest: unknown[]): GraphBuilder<any, any, any, any, any, any> {
    return this.add('map', id, rest);
  }

  /**
   * Adds a plan: a planner model says which tools to call with what, and each call is made as soon as it is written and has
   * what it refers to. The value is what the calls answered, and what the planner makes of them.
   */
  plan<
    const Id extends string,
    C extends Component<ChatInput, ChatAnswer>,
    Tool extends Component,
    Key extends keyof PlanSpec<any, any, any, any>,
    O extends Schema = Schema<unknown, unknown>,
  >(
    id: NewId<Id, Nodes>,
    spec: PlanSpec<ValuesOf<Input, Nodes, never>, C, Tool, O> & Given<Key>,
  ): GraphBuilder<Input, Nodes & Planned<Id, Tool, O, Key>, Request, Output, Name | C['name'] | Tool['name'], Streams>;
  plan<
    const Id extends string,
    C extends Component<ChatInput, ChatAnswer>,
    Tool extends Component,
    Key extends keyof PlanSpec<any, any, any, any>,
    O extends Schema = Schema<unknown, unknown>,
    const Need extends keyof Nodes & string = never,
    const Branch extends keyof Nodes & string = never,
  >(
    id: NewId<Id, Nodes>,
    needs: readonly Need[] | Join<Branch>,
    spec: PlanSpec<ValuesOf<Input, Nodes, Need, Branch>, C, Tool, O> & Given<Key>,
  ): GraphBuilder<Input, Nodes & Planned<Id, Tool, O, Key>, Request, Output, Name | C['name'] | Tool['name'], Streams>;
  plan(id: string, ...rest: unknown[]): GraphBuilder<any, any, any, any, any, any> {
    return this.add('plan', id, rest);
  }

  /** Adds a function without effects. It may be asynchronous; it is never retried. */
  compute<
    const Id extends string,
    Chunk,
    Key extends keyof StreamSpec<any, any>,
    const Need extends keyof Nodes & string = never,
    const Branch extends keyof Nodes & string = never,
    const Read extends keyof Streams & string = never,
  >(
    id: NewId<Id, Nodes>,
    needs: Needs<Need, Branch, Read>,
    run: (values: ValuesOf<Input, Nodes, Need, Branch, Streams, Read>, context: ComputeContext) => AsyncIterable<Chunk>,
    options: StreamSpec<ValuesOf<Input, Nodes, Need, Branch, Streams, Read>, Chunk> & Given<Key>,
  ): GraphBuilder<Input, Nodes & Record<Id, Value<Chunk[], Key>>, Request, Output, Name, Streams & Record<Id, Chunk>>;
  compute<
    const Id extends string,
    T,
    Key extends keyof Options<any, any> = never,
    const Need extends keyof Nodes & string = never,
    const Branch extends keyof Nodes & string = never,
    const Read extends keyof Streams & string = never,
  >(
    id: NewId<Id, Nodes>,
    needs: Needs<Need, Branch, Read>,
    run: (values: ValuesOf<Input, Nodes, Need, Branch, Streams, Read>, context: ComputeContext) => T,
    options?: Options<ValuesOf<Input, Nodes, Need, Branch, Streams, Read>, Awaited<T>> & Given<Key>,
  ): GraphBuilder<Input, Nodes & Record<Id, Value<Awaited<T>, Key>>, Request, Output, Name, Streams>;
  compute(id: string, needs: unknown, run: unknown, options?: object): GraphBuilder<any, any, any, any, any, any> {
    return this.add('compute', id, [needs, { ...options, run }]);
  }

  /**
   * Ends the definition with what a run answers. Without a list of needs the output needs every node; a graph with a join
   * has to list them, since it would wait for every branch.
   *
   * @throws GraphError that lists every fault of the definition.
   */
  output<T extends InputOf<Output>>(
    run: (values: ValuesOf<Input, Nodes, keyof Nodes>) => T,
  ): Graph<Request, Answer<T, Output>, Name>;
  output<const Need extends keyof Nodes & string, T extends InputOf<Output>>(
    needs: readonly Need[],
    run: (values: ValuesOf<Input, Nodes, Need>) => T,
  ): Graph<Request, Answer<T, Output>, Name>;
  output(...args: unknown[]): Graph {
    const nodes = unlink(this.last);
    const everything = nodes.some(({ join }) => join) ? undefined : [...new Set(nodes.map(({ id }) => id))];
    const [needs, run] = args.length > 1 ? args : [everything, args[0]];
    return new Graph({ ...this.header, nodes, result: { needs: copied(needs), run } as GraphDefinition['result'] });
  }

  private add(kind: NodeDefinition['kind'], id: string, rest: unknown[]): GraphBuilder<any, any, any, any, any, any> {
    const [needs, spec] = rest.length > 1 ? rest : [[], rest[0]];
    const node = { ...(spec as object), kind, id, ...joined(needs) } as NodeDefinition;
    return new GraphBuilder(this.header, { node, previous: this.last });
  }
}

/** The needs of a node as a list of ids, which of them it reads, and how they join if not all are waited for. */
function joined(needs: unknown): object {
  if (Array.isArray(needs)) {
    const reads = needs.flatMap((need) => (isStreamNeed(need) ? [need.streamOf] : []));
    const ids = needs.map((need) => (isStreamNeed(need) ? need.streamOf : need));
    return { needs: ids, ...(reads.length > 0 && { reads }) };
  }
  if (typeof needs !== 'object' || needs === null || isList(needs)) return { needs };
  const join = needs as Join;
  return { needs: joinNeeds(join), join: { ...join, of: copied(join.of) } };
}

function isStreamNeed(need: unknown): need is StreamNeed {
  return typeof need === 'object' && need !== null && 'streamOf' in need;
}

/** So that a list which its author goes on filling changes no node. What is no list is left to the checks. */
function copied(needs: unknown): unknown {
  return Array.isArray(needs) ? [...needs] : needs;
}

/** What a run answers: the value that passed the output schema if there is one. */
type Answer<T, Output extends Schema> = unknown extends OutputOf<Output> ? T : OutputOf<Output>;

/** The nodes as a list from the last to the first: adding one costs the same however long the graph is. */
interface Link {
  readonly node: NodeDefinition;
  readonly previous: Link | undefined;
}

function unlink(last: Link | undefined): NodeDefinition[] {
  const nodes: NodeDefinition[] = [];
  for (let link = last; link; link = link.previous) nodes.push(link.node);
  return nodes.reverse();
}
