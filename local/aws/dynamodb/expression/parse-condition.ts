import { compare, isValueType, typeOf, VALUE_TYPES } from '../attribute-value';
import type { DocumentPath } from '../document-path';
import { COMPARATORS, type Condition, type Operand } from './condition';
import type { ExpressionReader } from './expression-reader';

/** How many operands a function takes. */
const FUNCTIONS = new Map([
  ['attribute_exists', 1],
  ['attribute_not_exists', 1],
  ['attribute_type', 2],
  ['begins_with', 2],
  ['contains', 2],
  ['size', 1],
]);

/**
 * Reads a whole condition: OR binds weakest, then AND, then NOT.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html
 * @throws AwsError for what is none
 */
export function parseCondition(reader: ExpressionReader): Condition {
  const condition = new ConditionParser(reader).disjunction();
  reader.expectEnd();
  return condition;
}

class ConditionParser {
  readonly #inParentheses = new Set<Condition>();

  constructor(private readonly reader: ExpressionReader) {}

  disjunction(): Condition {
    let left = this.#conjunction();
    while (this.reader.take('OR')) left = { kind: 'or', left, right: this.#conjunction() };
    return left;
  }

  #conjunction(): Condition {
    let left = this.#negation();
    while (this.reader.take('AND')) left = { kind: 'and', left, right: this.#negation() };
    return left;
  }

  #negation(): Condition {
    return this.reader.take('NOT') ? { kind: 'not', condition: this.#negation() } : this.#primary();
  }

  #primary(): Condition {
    const { reader } = this;
    if (reader.take('(')) {
      const condition = this.disjunction();
      reader.expect(')');
      if (this.#inParentheses.has(condition)) throw reader.invalid('The expression has redundant parentheses;');
      this.#inParentheses.add(condition);
      return condition;
    }
    if (reader.peek(1) === '(' && /^[a-z_]\w*$/i.test(reader.peek()) && reader.peek() !== 'size') {
      return this.#predicate(reader.next());
    }
    return this.#relation(this.#operand());
  }

  #predicate(name: string): Condition {
    const operands = this.#operands(name);
    const [first, second = first] = operands as [Operand, Operand?];
    switch (name) {
      case 'attribute_exists':
        return { kind: 'exists', path: this.#requirePath(name, first) };
      case 'attribute_not_exists':
        return { kind: 'not', condition: { kind: 'exists', path: this.#requirePath(name, first) } };
      case 'attribute_type':
        return { kind: 'type', operand: first, type: this.#requireTypeName(second) };
      case 'begins_with':
        for (const operand of operands) this.#requireTextOrBytes(operand);
        return { kind: 'begins-with', operand: first, prefix: second };
      default:
        this.#requireDistinct(name, first, second);
        return { kind: 'contains', operand: first, part: second };
    }
  }

  /** What follows an operand. */
  #relation(left: Operand): Condition {
    const { reader } = this;
    const comparator = COMPARATORS.find((each) => reader.take(each));
    if (comparator) {
      const right = this.#operand();
      this.#requireDistinct(comparator, left, right);
      return { kind: 'comparison', comparator, left, right };
    }
    if (reader.take('BETWEEN')) {
      const lower = this.#operand();
      reader.expect('AND');
      const upper = this.#operand();
      this.#requireBounds(lower, upper);
      return { kind: 'between', operand: left, lower, upper };
    }
    if (!reader.take('IN')) throw reader.syntaxError();
    reader.expect('(');
    const options = reader.list(() => this.#operand());
    reader.expect(')');
    if (options.length > 100) throw reader.invalid(incorrectCount('IN', options.length + 1));
    return { kind: 'in', operand: left, options };
  }

  #operand(): Operand {
    const { reader } = this;
    if (reader.peek().startsWith(':') && reader.peek().length > 1) return { kind: 'value', value: reader.value() };
    if (reader.peek(1) !== '(' || !/^[a-z_]\w*$/i.test(reader.peek())) return { kind: 'path', path: reader.path() };
    const name = reader.next();
    const [of] = this.#operands(name) as [Operand];
    if (name === 'size') return { kind: 'size', of };
    throw reader.invalid(`The function is not allowed to be used this way in an expression; function: ${name}`);
  }

  #operands(name: string): Operand[] {
    const { reader } = this;
    const count = FUNCTIONS.get(name);
    if (count === undefined) throw reader.invalid(`Invalid function name; function: ${name}`);
    reader.expect('(');
    const operands = reader.list(() => this.#operand());
    reader.expect(')');
    if (operands.length !== count) throw reader.invalid(incorrectCount(name, operands.length));
    return operands;
  }

  #requirePath(name: string, operand: Operand): DocumentPath {
    if (operand.kind === 'path') return operand.path;
    throw this.reader.invalid(`Operator or function requires a document path; operator or function: ${name}`);
  }

  #requireTypeName(operand: Operand): string {
    if (operand.kind !== 'value' || !('S' in operand.value)) {
      const type = operand.kind === 'value' ? typeOf(operand.value) : '{NS,SS,L,BS,N,M,B,BOOL,NULL,S}';
      throw this.reader.invalid(incorrectType('attribute_type', type));
    }
    if (isValueType(operand.value.S)) return operand.value.S;
    const known = VALUE_TYPES.join(',');
    throw this.reader.invalid(`Invalid attribute type name found; type: ${operand.value.S}, valid types: {${known}}`);
  }

  #requireTextOrBytes(operand: Operand): void {
    if (operand.kind !== 'value' || 'S' in operand.value || 'B' in operand.value) return;
    throw this.reader.invalid(incorrectType('begins_with', typeOf(operand.value)));
  }

  #requireDistinct(name: string, left: Operand, right: Operand): void {
    if (left.kind !== 'path' || right.kind !== 'path' || String(left.path) !== String(right.path)) return;
    const reason = 'The first operand must be distinct from the remaining operands for this operator or function';
    throw this.reader.invalid(`${reason}; operator: ${name}, first operand: [${left.path.join(', ')}]`);
  }

  #requireBounds(lower: Operand, upper: Operand): void {
    if (lower.kind !== 'value' || upper.kind !== 'value') return;
    const [lowerType, upperType] = [typeOf(lower.value), typeOf(upper.value)];
    const isSameType = lowerType === upperType;
    if (isSameType && (compare(lower.value, upper.value) ?? 0) <= 0) return;
    const rule = isSameType
      ? 'requires upper bound to be greater than or equal to lower bound'
      : 'requires same data type for lower and upper bounds';
    const show = (type: string, value: object) => `AttributeValue: {${type}:${String(Object.values(value)[0])}}`;
    const operands = `lower bound operand: ${show(lowerType, lower.value)}, upper bound operand: ${show(upperType, upper.value)}`;
    throw this.reader.invalid(`The BETWEEN operator ${rule}; ${operands}`);
  }
}

function incorrectCount(name: string, count: number): string {
  return `Incorrect number of operands for operator or function; operator or function: ${name}, number of operands: ${count}`;
}

function incorrectType(name: string, type: string): string {
  return `Incorrect operand type for operator or function; operator or function: ${name}, operand type: ${type}`;
}
