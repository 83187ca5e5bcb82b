import { type Component, Graph, type RetryPolicy } from 'cdk-compound-inference/graph';
import { type Call, CallError } from 'cdk-compound-inference/run';
import fc from 'fast-check';
import { z } from 'zod';
import type { VirtualClock } from './virtual-clock';
import { anyTool, type Reply } from './world';

/** A graph as data, small enough to read when fast-check has shrunk a failure to it. */
export interface GraphShape {
  readonly nodes: readonly NodeShape[];
  /** The output needs every node, or only those that nothing else needs. */
  readonly outputNeeds: 'all' | 'last';
}

export interface NodeShape {
  readonly kind: 'call' | 'map' | 'compute';
  /** How many nodes before this one each node it needs is; beyond the first node there is none. */
  readonly needs: readonly number[];
  /** Which of the components it calls. */
  readonly component: number;
  /** What its calls meet; a call and a function take the first. */
  readonly items: readonly ItemShape[];
  readonly retry: Required<RetryPolicy>;
  readonly concurrency?: number;
  readonly fallback?: 'optional' | 'default';
  /** Skipped if the digest of what the node sees is a multiple of this. */
  readonly skipModulus?: number;
}

/** A call that meets troubles and then answers. */
export interface ItemShape {
  readonly troubles: readonly TroubleShape[];
  readonly ms: number;
}

export interface TroubleShape {
  readonly ms: number;
  readonly ends: 'retryable' | 'throttled' | 'timed-out' | 'not-ready' | 'failed' | 'invalid' | 'hangs';
}

export const COMPONENTS = 3;

/** A try that hangs is given up then; no other takes as long. */
export const FIRST_CHUNK_MS = 25.5;

const trouble: fc.Arbitrary<TroubleShape> = fc.record({
  ms: fc.nat(20),
  ends: fc.constantFrom('retryable', 'throttled', 'timed-out', 'not-ready', 'failed', 'invalid', 'hangs'),
});

const item: fc.Arbitrary<ItemShape> = fc.record({
  troubles: fc.oneof(
    { weight: 3, arbitrary: fc.constant([]) },
    { weight: 2, arbitrary: fc.array(trouble, { maxLength: 4 }) },
  ),
  ms: fc.nat(20),
});

const node: fc.Arbitrary<NodeShape> = fc.record(
  {
    kind: fc.constantFrom('call', 'map', 'compute'),
    needs: fc.uniqueArray(fc.integer({ min: 1, max: 6 }), { maxLength: 3 }),
    component: fc.nat(COMPONENTS - 1),
    items: fc.array(item, { maxLength: 5 }),
    retry: fc.record({
      attempts: fc.integer({ min: 1, max: 4 }),
      baseMs: fc.integer({ min: 1, max: 50 }),
      capMs: fc.integer({ min: 1, max: 100 }),
    }),
    concurrency: fc.integer({ min: 1, max: 4 }),
    fallback: fc.constantFrom('optional', 'default'),
    skipModulus: fc.integer({ min: 1, max: 4 }),
  },
  { requiredKeys: ['kind', 'needs', 'component', 'items', 'retry'] },
);

export const graphShape: fc.Arbitrary<GraphShape> = fc.record({
  nodes: fc.array(node, { maxLength: 12, size: 'max' }),
  outputNeeds: fc.constantFrom('all', 'last'),
});

/** Graphs of which nothing can fail. */
export const smoothGraphShape: fc.Arbitrary<GraphShape> = graphShape.map((shape) => ({
  ...shape,
  nodes: shape.nodes.map((node) => ({
    ...node,
    items: node.items.map(({ ms }) => ({ ms, troubles: [] })),
  })),
}));

export const idOf = (position: number) => `n${position}`;

/** Positions of the nodes that a node needs. */
export function needsOf(shape: GraphShape, position: number): number[] {
  return shape.nodes[position]!.needs.map((back) => position - back).filter((need) => need >= 0);
}

/** Positions of the nodes that the output needs. */
export function outputNeedsOf(shape: GraphShape): number[] {
  const needed = new Set(shape.nodes.flatMap((_, i) => needsOf(shape, i)));
  return [...shape.nodes.keys()].filter((i) => shape.outputNeeds === 'all' || !needed.has(i));
}

/** The item that a call or a function meets. */
export const itemsOf = (node: NodeShape): readonly ItemShape[] =>
  node.kind === 'map' ? node.items : [node.items[0] ?? { troubles: [], ms: 0 }];

/** A number that two different JSON values hardly share: what a node makes of what it sees. */
export function digest(value: unknown): number {
  let hash = 0;
  for (const char of JSON.stringify(value)) hash = (Math.imul(hash, 31) + char.charCodeAt(0)) >>> 0;
  return hash;
}

export const isSkipped = ({ skipModulus }: NodeShape, sees: unknown) =>
  skipModulus !== undefined && digest(sees) % skipModulus === 0;

/** What a call is asked, and a function computes with. */
export interface Question {
  readonly position: number;
  readonly item: number;
  readonly sees: unknown;
}

/** The value that stands in where a shape has a default. */
export const DEFAULT = -1;

/**
 * The graph of a shape. Functions take their time on the clock too.
 *
 * @param limits most calls in flight to each component
 */
export function graphOf(shape: GraphShape, clock: VirtualClock, limits: readonly number[] = []): Graph {
  const components = Array.from({ length: COMPONENTS }, (_, i) => anyTool(`c${i}`, limits[i]));
  return new Graph({
    name: 'random',
    input: z.any(),
    timeout: { firstChunkMs: FIRST_CHUNK_MS },
    nodes: shape.nodes.map((node, position) =>
      nodeOf(node, position, needsOf(shape, position), components[node.component]!, clock),
    ),
    result: { needs: outputNeedsOf(shape).map(idOf), run: (sees) => digest(sees) },
  });
}

type NodeDefinition = ConstructorParameters<typeof Graph>[0]['nodes'][number];

function nodeOf(
  node: NodeShape,
  position: number,
  needs: readonly number[],
  call: Component,
  clock: VirtualClock,
): NodeDefinition {
  const { kind, retry, concurrency, fallback, skipModulus } = node;
  const ask = (sees: unknown, item = 0): Question => ({ position, item, sees });
  const base = {
    id: idOf(position),
    needs: needs.map(idOf),
    ...(skipModulus !== undefined && { when: (sees: unknown) => !isSkipped(node, sees) }),
    ...(fallback === 'optional' && { optional: true }),
    ...(fallback === 'default' && { default: DEFAULT }),
  };
  switch (kind) {
    case 'call':
      return { ...base, kind, call, retry, input: (sees) => ask(sees) };
    case 'map':
      return {
        ...base,
        kind,
        call,
        retry,
        over: () => [...node.items.keys()],
        input: (item, sees) => ask(sees, item),
        ...(concurrency !== undefined && { concurrency }),
      };
    case 'compute':
      return { ...base, kind, run: (sees) => compute(node, ask(sees), clock) };
  }
}

/** Functions are never tried again: their first trouble is their last. One without time or trouble answers at once. */
function compute(node: NodeShape, question: Question, clock: VirtualClock): unknown {
  const { troubles, ms } = itemsOf(node)[0]!;
  if (troubles.length === 0 && ms === 0) return digest(question);
  const fail = troubles.length > 0;
  return new Promise((resolve, reject) => {
    clock.setTimer(
      () => (fail ? reject(new Error('no luck')) : resolve(digest(question))),
      fail ? troubles[0]!.ms : ms,
    );
  });
}

/** How the components of a shape take a try. */
export function replyOf(shape: GraphShape): (call: Call) => Reply {
  return ({ input, attempt, component }) => {
    const question = input as Question;
    const { troubles, ms } = itemsOf(shape.nodes[question.position]!)[question.item]!;
    const trouble = troubles[attempt - 1];
    // One component cannot be told to stop.
    const stubborn = component.name === 'c2' ? { ignoresAbort: true as const } : {};
    if (!trouble) return { afterMs: ms, output: digest(question), ...stubborn };
    if (trouble.ends === 'hangs') return { afterMs: 3 * FIRST_CHUNK_MS, output: 'too late', ...stubborn };
    return { afterMs: trouble.ms, error: new CallError(trouble.ends, trouble.ends), ...stubborn };
  };
}
