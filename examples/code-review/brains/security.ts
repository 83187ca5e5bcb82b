import { expressionName } from '../syntax/names';
import { childrenOf, type Node } from '../syntax/nodes';
import { analyser, type Observation } from './analyser';

/** Stands in for the security analyser. */
export const security = analyser(({ nodes }) =>
  nodes.flatMap(({ node }) => [
    ...evaluatedText(node),
    ...builtCommand(node),
    ...builtSql(node),
    ...secretInSource(node),
    ...builtHtml(node),
    ...weakHash(node),
    ...uncheckedCertificate(node),
  ]),
);

function evaluatedText(node: Node): Observation[] {
  const name = calledName(node);
  if (name !== 'eval' && !(name === 'Function' && node.type === 'NewExpression')) return [];
  return [
    {
      at: node,
      severity: 'high',
      title: 'Text run as code',
      detail: `\`${name}\` runs whatever text reaches it, with all rights of the process.`,
      suggestion: 'Parse the input, or look the action up in a table.',
    },
  ];
}

/** By any other owner, as in `/a/.exec(text)`, it is no shell. */
const SHELL_OWNERS = new Set(['child_process', 'childProcess', 'cp']);

function builtCommand(node: Node): Observation[] {
  const command = firstArgument(node);
  if (!runsShell(node) || !command || !isBuilt(command)) return [];
  return [
    {
      at: node,
      severity: 'high',
      title: 'Shell command built from variables',
      detail: 'A value with a semicolon or a backtick in it runs a command of its own.',
      suggestion: 'Use execFile or spawn with a list of arguments.',
    },
  ];
}

function runsShell(node: Node): boolean {
  if (node.type !== 'CallExpression' || !/^exec(Sync)?$/.test(expressionName(node.callee) ?? '')) return false;
  return node.callee.type !== 'MemberExpression' || SHELL_OWNERS.has(expressionName(node.callee.object) ?? '');
}

const SQL = /^\s*(?:select\s.+\sfrom|insert\s+into|update\s+\w+\s+set|delete\s+from)\b/is;

function builtSql(node: Node): Observation[] {
  if (!isBuilt(node) || !SQL.test(firstText(node))) return [];
  return [
    {
      at: node,
      severity: 'high',
      title: 'SQL built from variables',
      detail: 'A value with a quote in it changes the statement.',
      suggestion: 'Pass the values as parameters of the statement.',
    },
  ];
}

const SECRET_NAME = /(?:password|passwd|secret|api_?key|access_?key|auth_?token|private_?key)$/i;
const SECRET_VALUE =
  /^(?:AKIA[0-9A-Z]{16}|ghp_\w{36}|sk-[\w-]{20,}|xox[bp]-[\w-]{10,})$|-----BEGIN [A-Z ]*PRIVATE KEY-----/;
const MIN_SECRET_CHARS = 8;

function secretInSource(node: Node): Observation[] {
  const secret = assignedText(node);
  if (!secret || !looksSecret(secret)) return [];
  return [
    {
      at: node,
      severity: 'high',
      title: 'Secret in the source',
      detail: 'Everyone who can read the code or its history has it.',
      suggestion: 'Read it from a secret store at run time, and replace it: it is known by now.',
    },
  ];
}

/** A text with the name it is given. */
function assignedText(node: Node): { name: string; text: string } | undefined {
  const [target, value] =
    node.type === 'VariableDeclarator'
      ? [node.id, node.init]
      : node.type === 'ObjectProperty'
        ? [node.key, node.value]
        : node.type === 'AssignmentExpression'
          ? [node.left, node.right]
          : [];
  if (!target || value?.type !== 'StringLiteral') return undefined;
  return { name: target.type === 'StringLiteral' ? target.value : (expressionName(target) ?? ''), text: value.value };
}

/** Placeholders and names of settings have no digit, or a space. */
const looksSecret = ({ name, text }: { name: string; text: string }) =>
  SECRET_VALUE.test(text) ||
  (SECRET_NAME.test(name) && text.length >= MIN_SECRET_CHARS && /\d/.test(text) && !/[\s/<{$]/.test(text));

function builtHtml(node: Node): Observation[] {
  if (node.type !== 'AssignmentExpression' || node.right.type === 'StringLiteral') return [];
  const property = expressionName(node.left);
  if (property !== 'innerHTML' && property !== 'outerHTML') return [];
  return [
    {
      at: node,
      severity: 'high',
      title: 'HTML set from a variable',
      detail: 'Markup in the value becomes part of the page, scripts included.',
      suggestion: 'Set textContent, or clean the markup first.',
    },
  ];
}

function weakHash(node: Node): Observation[] {
  const algorithm = calledName(node) === 'createHash' ? firstArgument(node) : undefined;
  if (algorithm?.type !== 'StringLiteral' || !/^(?:md5|sha1)$/i.test(algorithm.value)) return [];
  return [
    {
      at: node,
      severity: 'medium',
      title: 'Weak hash',
      detail: `${algorithm.value} can be forged: it proves nothing about who wrote the data.`,
      suggestion: 'Use sha256.',
    },
  ];
}

function uncheckedCertificate(node: Node): Observation[] {
  if (node.type !== 'ObjectProperty' || expressionName(node.key) !== 'rejectUnauthorized') return [];
  if (node.value.type !== 'BooleanLiteral' || node.value.value) return [];
  return [
    {
      at: node,
      severity: 'high',
      title: 'Certificate check switched off',
      detail: 'Anyone between the two ends can read and change the traffic.',
      suggestion: 'Trust the certificate authority of the other end instead.',
    },
  ];
}

const calledName = (node: Node) =>
  node.type === 'CallExpression' || node.type === 'NewExpression' ? expressionName(node.callee) : undefined;

const firstArgument = (node: Node) => (node.type === 'CallExpression' ? node.arguments[0] : undefined);

/** Whether a text is put together from values: a template with expressions, or a sum. */
function isBuilt(node: Node): boolean {
  if (node.type === 'TemplateLiteral') return node.expressions.length > 0;
  return node.type === 'BinaryExpression' && node.operator === '+' && !isConstant(node);
}

const isConstant = (node: Node): boolean =>
  node.type === 'StringLiteral' || (node.type === 'BinaryExpression' && childrenOf(node).every(isConstant));

function firstText(node: Node): string {
  if (node.type === 'TemplateLiteral') return node.quasis.map(({ value }) => value.raw).join(' ');
  if (node.type === 'BinaryExpression') return firstText(node.left);
  return node.type === 'StringLiteral' ? node.value : '';
}
