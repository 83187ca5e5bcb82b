import type { Component } from './component';
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

/** Models whose text may be read while it is written: by a caller, by a node, or as a plan. */
export function streamedComponents(nodes: readonly NodeDefinition[]): ReadonlySet<Component> {
  const isRead = (node: NodeDefinition) => node.kind === 'plan' || (node.kind === 'call' && node.stream === true);
  return new Set(nodes.flatMap((node) => (isRead(node) && 'call' in node ? [node.call] : [])));
}

export function isStreaming(node: NodeDefinition): boolean {
  return node.kind !== 'plan' && node.stream === true;
}
