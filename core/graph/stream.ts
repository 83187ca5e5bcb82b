import type { NodeDefinition } from './definition';

/** A need that a node reads while it is written, instead of waiting for its end. */
export interface StreamNeed<Id extends string = string> {
  readonly streamOf: Id;
}

/**
 * Needs a node as a stream: the node that needs it starts as soon as the other has begun, and sees an `AsyncIterable` that it
 * can read once. That of a model brings parts of its text; that of a map its answers, in order; that of a function what it
 * yields. If the other fails, reading throws.
 */
export function streamOf<const Id extends string>(node: Id): StreamNeed<Id> {
  return { streamOf: node };
}

/** Nodes whose stream goes to the caller of a run: those that no node reads. */
export function callerStreams(nodes: readonly NodeDefinition[]): string[] {
  const read = new Set(nodes.flatMap(({ reads = [] }) => reads));
  return nodes.flatMap((node) => (isStreaming(node) && !read.has(node.id) ? [node.id] : []));
}

export function isStreaming(node: NodeDefinition): boolean {
  return node.kind !== 'plan' && node.stream === true;
}
