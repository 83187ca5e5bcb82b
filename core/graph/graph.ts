import type { Component } from './component';
import type { GraphDefinition, NodeDefinition } from './definition';
import { describeGraph, type GraphDescription } from './describe';
import { drawMermaid } from './mermaid';
import { assertValid } from './validate';

/**
 * An agent: named nodes and the nodes they need. Checked, and from then on unchanging.
 *
 * @typeParam Request what a caller passes to a run
 * @typeParam Answer what a run answers
 */
export class Graph<Request = any, Answer = any> {
  declare readonly '~types'?: { readonly request: Request; readonly answer: Answer };

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
  return node.kind === 'compute' ? [] : [node.call];
}
