import type { FunctionNode, Node } from './nodes';

/** What the code around a node calls it. */
export interface Names {
  /** The class or object it belongs to. */
  readonly owner?: string | undefined;
  /** The variable, property or export it is assigned to. */
  readonly given?: string | undefined;
  /** The function it is passed to. */
  readonly callee?: string | undefined;
}

/** The name of a function, if it has one. */
export function nameOf(node: FunctionNode, { owner, given }: Names): string | undefined {
  if ('key' in node) return qualified(owner, keyName(node.key));
  if (node.type === 'ArrowFunctionExpression') return given;
  return node.type === 'FunctionDeclaration' ? (node.id?.name ?? given) : (given ?? node.id?.name);
}

/** What a node calls one of its children. */
export function namesBelow(node: Node, child: Node, { owner, given, callee }: Names): Names {
  // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- of some 250 types of nodes, these give names
  switch (node.type) {
    case 'VariableDeclarator':
      return { given: node.id.type === 'Identifier' ? node.id.name : undefined };
    case 'AssignmentExpression':
      return { given: expressionName(node.left) };
    case 'ExportDefaultDeclaration':
      return { given: 'default' };
    case 'ClassDeclaration':
    case 'ClassExpression':
      return { owner: node.id?.name ?? given };
    case 'ClassBody':
      return { owner };
    case 'ObjectExpression':
      return { owner: given };
    case 'ObjectProperty':
    case 'ClassProperty':
    case 'ClassPrivateProperty':
    case 'ClassAccessorProperty':
      return child === node.value ? { given: qualified(owner, keyName(node.key)) } : {};
    case 'CallExpression':
    case 'NewExpression':
      return child === node.callee ? {} : { callee: expressionName(node.callee) };
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
      return { owner, given, callee };
    default:
      return {};
  }
}

/** `get` of `app.get`, `each` of `test.each(rows)(…)`. */
export function expressionName(node: Node): string | undefined {
  if (node.type === 'Identifier') return node.name;
  if (node.type === 'CallExpression') return expressionName(node.callee);
  if (node.type === 'TaggedTemplateExpression') return expressionName(node.tag);
  if (node.type !== 'MemberExpression' && node.type !== 'OptionalMemberExpression') return undefined;
  return node.computed ? expressionName(node.object) : keyName(node.property);
}

const qualified = (owner: string | undefined, name: string) => (owner ? `${owner}.${name}` : name);

function keyName(key: Node): string {
  if (key.type === 'Identifier') return key.name;
  if (key.type === 'PrivateName') return `#${key.id.name}`;
  return key.type === 'StringLiteral' || key.type === 'NumericLiteral' ? String(key.value) : '[computed]';
}
