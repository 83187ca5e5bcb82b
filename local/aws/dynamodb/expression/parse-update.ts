import { type AttributeValue, typeOf } from '../attribute-value';
import { type DocumentPath, formatPath } from '../document-path';
import type { ExpressionReader } from './expression-reader';
import type { SetValue, Update } from './update';

const TYPE_NAMES: Readonly<Record<string, string>> = {
  S: 'STRING',
  N: 'NUMBER',
  B: 'BINARY',
  NULL: 'NULL',
  BOOL: 'BOOLEAN',
  L: 'LIST',
  M: 'MAP',
};

/**
 * Reads a whole update expression.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html
 * @throws AwsError for what is none
 */
export function parseUpdate(reader: ExpressionReader): Update {
  const sections = new Map<string, Partial<Update>>();
  while (reader.peek() !== '' || sections.size === 0) {
    const section = ['SET', 'REMOVE', 'ADD', 'DELETE'].find((each) => reader.take(each));
    if (section === undefined) throw reader.syntaxError();
    if (sections.has(section)) {
      throw reader.invalid(`The "${section}" section can only be used once in an update expression;`);
    }
    sections.set(section, parseSection(section, reader));
  }
  const update: Update = Object.assign({ set: [], remove: [], add: [], delete: [] }, ...sections.values());
  requireApart(update, reader);
  return update;
}

function parseSection(section: string, reader: ExpressionReader): Partial<Update> {
  if (section === 'SET') return { set: reader.list(() => parseAssignment(reader)) };
  if (section === 'REMOVE') return { remove: reader.list(() => ({ path: reader.path() })) };
  if (section === 'ADD') return { add: reader.list(() => parseSetOperation('ADD', reader)) };
  return { delete: reader.list(() => parseSetOperation('DELETE', reader)) };
}

function parseAssignment(reader: ExpressionReader): Update['set'][number] {
  const path = reader.path();
  reader.expect('=');
  const left = parseSetOperand(reader);
  const sign = (['+', '-'] as const).find((each) => reader.take(each));
  if (!sign) return { path, value: left };
  const right = parseSetOperand(reader);
  for (const operand of [left, right]) requireType('N', sign, operand, reader);
  return { path, value: { kind: 'sum', sign, left, right } };
}

function parseSetOperand(reader: ExpressionReader): SetValue {
  if (reader.peek().startsWith(':') && reader.peek().length > 1) return { kind: 'value', value: reader.value() };
  if (reader.peek(1) !== '(') return { kind: 'path', path: reader.path() };
  const name = reader.next();
  if (name !== 'if_not_exists' && name !== 'list_append') {
    throw reader.invalid(`Invalid function name; function: ${name}`);
  }
  reader.expect('(');
  const operands = reader.list(() => parseSetOperand(reader));
  reader.expect(')');
  const [left, right] = operands;
  if (!left || !right || operands.length > 2) {
    const reason = 'Incorrect number of operands for operator or function';
    throw reader.invalid(`${reason}; operator or function: ${name}, number of operands: ${operands.length}`);
  }
  if (name === 'if_not_exists') {
    if (left.kind === 'path') return { kind: 'if-not-exists', path: left.path, otherwise: right };
    throw reader.invalid(`Operator or function requires a document path; operator or function: ${name}`);
  }
  for (const operand of operands) requireType('L', name, operand, reader);
  return { kind: 'list-append', left, right };
}

function requireType(type: 'N' | 'L', name: string, operand: SetValue, reader: ExpressionReader): void {
  if (operand.kind !== 'value' || type in operand.value) return;
  const reason = 'Incorrect operand type for operator or function';
  throw reader.invalid(`${reason}; operator or function: ${name}, operand type: ${typeOf(operand.value)}`);
}

/** `ADD` takes a number or a set, `DELETE` a set. */
function parseSetOperation(section: 'ADD' | 'DELETE', reader: ExpressionReader): SetOperation {
  const path = reader.path();
  if (!(reader.peek().startsWith(':') && reader.peek().length > 1)) throw reader.syntaxError();
  const value = reader.value();
  const type = typeOf(value);
  const typeName = TYPE_NAMES[type];
  if (typeName !== undefined && !(section === 'ADD' && type === 'N')) {
    const reason = 'Incorrect operand type for operator or function';
    const allowed = section === 'ADD' ? ', typeSet: ALLOWED_FOR_ADD_OPERAND' : ', typeSet: ALLOWED_FOR_DELETE_OPERAND';
    throw reader.invalid(`${reason}; operator: ${section}, operand type: ${typeName}${allowed}`);
  }
  return { path, value };
}

interface SetOperation {
  readonly path: DocumentPath;
  readonly value: AttributeValue;
}

/** @throws AwsError if one path leads through another, or they take the same attribute for a list and for a map */
function requireApart({ set, remove, add, delete: taken }: Update, reader: ExpressionReader): void {
  const paths = [...set, ...remove, ...add, ...taken].map(({ path }) => path);
  for (const [at, path] of paths.entries()) {
    for (const other of paths.slice(0, at)) {
      const differs = other.findIndex((step, i) => step !== path[i]);
      const isPrefix = differs === -1 || differs >= path.length;
      const isConflict = !isPrefix && typeof other[differs] !== typeof path[differs];
      if (!isPrefix && !isConflict) continue;
      const relation = isPrefix ? 'overlap' : 'conflict';
      const remedy = 'must remove or rewrite one of these paths';
      const both = `path one: ${formatPath(other)}, path two: ${formatPath(path)}`;
      throw reader.invalid(`Two document paths ${relation} with each other; ${remedy}; ${both}`);
    }
  }
}
