import { type Names, nameOf, namesBelow } from './names';
import { childrenOf, type FunctionNode, isFunction, type Node } from './nodes';

export interface NamedFunction {
  readonly name: string;
  readonly node: FunctionNode;
}

/**
 * The functions that are reviewed on their own: those that stand in no other function, and inside one those with a
 * name and a block. Any other, such as a callback, is part of the function around it.
 */
export function functionsIn(root: Node): NamedFunction[] {
  const found: NamedFunction[] = [];
  function visit(node: Node, names: Names, inFunction: boolean): void {
    if (isFunction(node)) {
      const name = nameOf(node, names);
      if (!inFunction || standsAlone(node, name)) found.push({ name: name ?? anonymous(names), node });
    }
    for (const child of childrenOf(node)) visit(child, namesBelow(node, child, names), inFunction || isFunction(node));
  }
  visit(root, {}, false);
  return found;
}

const standsAlone = (node: FunctionNode, name: string | undefined) =>
  name !== undefined && node.body.type === 'BlockStatement';

const anonymous = ({ callee }: Names) => (callee ? `${callee} callback` : 'anonymous function');

/** A node of a function, with the nodes between the function and it, the outermost first. */
export interface OwnNode {
  readonly node: Node;
  readonly ancestors: readonly Node[];
}

/** Everything in a function that is reviewed with it. */
export function ownNodes(fn: FunctionNode): OwnNode[] {
  const found: OwnNode[] = [];
  function visit(node: Node, ancestors: readonly Node[], names: Names): void {
    if (node !== fn && isFunction(node) && standsAlone(node, nameOf(node, names))) return;
    found.push({ node, ancestors });
    for (const child of childrenOf(node)) visit(child, [...ancestors, node], namesBelow(node, child, names));
  }
  visit(fn, [], {});
  return found;
}
