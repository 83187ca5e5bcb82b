import type { Component } from './component';
import type { GraphDefinition, NodeDefinition } from './definition';
import { describeGraph, type GraphDescription } from './describe';
import { drawMermaid } from './mermaid';
import { callerStreams } from './stream';
import { assertValid } from './validate';

/**
 * An agent: named nodes and the nodes they need. Checked, and from then on unchanging.
 *
 * @typeParam Request what a caller passes to a run
 * @typeParam Answer what a run answers
 * @typeParam Name names of the components that it calls
 */
export class Graph<Request = any, Answer = any, Name extends string = string> {
  declare readonly '~types'?: { readonly request: Request; readonly answer: Answer; readonly components: Name };

  /** @throws GraphError that lists every fault of the definition. */
  constructor(readonly definition: GraphDefinition) {
    assertValid(definition);
  }

  get name(): string {
    return this.definition.name;
  }

  /** The components that the nodes call, each once, in the order of their first use. */
  components(): Component[] {
    return [...new Map(this.definition.nodes.flatMap(componentOf).map((c) => [c.name, c])).values()];
  }

  /** Ids of the nodes whose text the caller of a run can read while it is written: those that stream and that no node reads. */
  streams(): string[] {
    return callerStreams(this.definition.nodes);
  }

  /** The graph as plain JSON, in the form of the published `graph.schema.json`. */
  describe(): GraphDescription {
    return describeGraph(this);
  }

  /** The graph as a Mermaid flowchart. */
  toMermaid(): string {
    return drawMermaid(this.definition);
  }
}

function componentOf(node: NodeDefinition): Component[] {
  if (node.kind === 'plan') return [node.call, ...node.tools];
  return node.kind === 'compute' ? [] : [node.call];
}

/** Names of the components that a graph calls, as a type. */
export type ComponentNames<G extends Graph> = NonNullable<G['~types']>['components'];
