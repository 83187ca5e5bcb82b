import type {
  ArrowFunctionExpression,
  ClassMethod,
  ClassPrivateMethod,
  FunctionDeclaration,
  FunctionExpression,
  Node,
  ObjectMethod,
} from '@babel/types';

export type { Node };

/** A function with a body. */
export type FunctionNode =
  | ArrowFunctionExpression
  | ClassMethod
  | ClassPrivateMethod
  | FunctionDeclaration
  | FunctionExpression
  | ObjectMethod;

export function isFunction(node: Node): node is FunctionNode {
  return /^(ArrowFunctionExpression|(Class|ClassPrivate|Object)Method|Function(Declaration|Expression))$/.test(
    node.type,
  );
}

export function isLoop(node: Node): boolean {
  return /^(For|ForIn|ForOf|While|DoWhile)Statement$/.test(node.type);
}

/** Whether a test holds for a node or for anything below it. */
export function contains(node: Node, test: (node: Node) => boolean): boolean {
  return test(node) || childrenOf(node).some((child) => contains(child, test));
}

export const mentions = (node: Node, name: string) =>
  contains(node, (below) => below.type === 'Identifier' && below.name === name);

/** The nodes directly below a node, in the order of the source. */
export function childrenOf(node: Node): Node[] {
  return Object.entries(node)
    .filter(([key]) => !NOT_SYNTAX.has(key))
    .flatMap(([, value]) => (Array.isArray(value) ? value : [value]))
    .filter(isNode);
}

const NOT_SYNTAX = new Set(['loc', 'extra', 'errors', 'leadingComments', 'innerComments', 'trailingComments']);

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}
