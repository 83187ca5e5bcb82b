import type { AwsError } from '../http';
import { type AttributeValue, typeOf } from './attribute-value';
import { beginsWith, type Comparator, type Condition, type Operand, satisfies } from './expression/condition';
import type { ExpressionReader } from './expression/expression-reader';
import { type KeyAttribute, keyAttributesOf, type LocalTable } from './local-table';
import { invalidValue, validationException } from './validation-exception';

/** Which items a query is about. */
export interface KeyCondition {
  readonly partitionKey: AttributeValue;
  /** Whether the sort key is wanted. */
  readonly includes: (sortKey: AttributeValue) => boolean;
}

interface Clause {
  readonly attribute: string;
  readonly operation: Comparator | 'BETWEEN' | 'begins_with';
  readonly values: readonly AttributeValue[];
  readonly includes: (key: AttributeValue) => boolean;
}

const MIRRORED: Readonly<Record<Comparator, Comparator>> = {
  '=': '=',
  '<>': '<>',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
};

/** @throws AwsError unless the partition key equals something, and the sort key is left out or within one range */
export function toKeyCondition(condition: Condition, table: LocalTable, reader: ExpressionReader): KeyCondition {
  const clauses = clausesOf(condition, reader);
  const [partition, sort] = keyAttributesOf(table).map((attribute) => clauseFor(attribute, clauses, reader));
  if (!partition) throw missing(table.partitionKey.name);
  if (table.sortKey && !sort && clauses.length > 1) throw missing(table.sortKey.name);
  const known = [partition, sort].filter((clause) => clause !== undefined).length;
  if (partition.operation !== '=' || clauses.length > known) {
    throw validationException('Query key condition not supported');
  }
  return { partitionKey: partition.values[0]!, includes: sort?.includes ?? (() => true) };
}

function missing(attribute: string): AwsError {
  return validationException(`Query condition missed key schema element: ${attribute}`);
}

function clauseFor({ name, type }: KeyAttribute, clauses: readonly Clause[], reader: ExpressionReader) {
  const [clause, second] = clauses.filter(({ attribute }) => attribute === name);
  if (second) throw reader.invalid('KeyConditionExpressions must only contain one condition per key');
  if (clause?.values.every((value) => typeOf(value) === type) === false) {
    throw invalidValue('Condition parameter type does not match schema type');
  }
  return clause;
}

function clausesOf(condition: Condition, reader: ExpressionReader): Clause[] {
  switch (condition.kind) {
    case 'and':
      return [...clausesOf(condition.left, reader), ...clausesOf(condition.right, reader)];
    case 'comparison':
      return [comparison(condition.left, condition.comparator, condition.right, reader)];
    case 'between': {
      const [lower, upper] = [requireValue(condition.lower, reader), requireValue(condition.upper, reader)];
      const includes = (key: AttributeValue) => satisfies('>=', key, lower) && satisfies('<=', key, upper);
      const attribute = requireFirst(condition.operand, 'BETWEEN', reader);
      return [{ attribute, operation: 'BETWEEN', values: [lower, upper], includes }];
    }
    case 'begins-with': {
      const prefix = requireValue(condition.prefix, reader);
      const includes = (key: AttributeValue) => beginsWith(key, prefix);
      const attribute = requireFirst(condition.operand, 'begins_with', reader);
      return [{ attribute, operation: 'begins_with', values: [prefix], includes }];
    }
    case 'contains':
    case 'exists':
    case 'in':
    case 'not':
    case 'or':
    case 'type':
      throw reader.invalid(`Invalid operator used in KeyConditionExpression: ${operatorOf(condition)}`);
  }
}

function comparison(left: Operand, comparator: Comparator, right: Operand, reader: ExpressionReader): Clause {
  if (comparator === '<>') throw reader.invalid('Invalid operator used in KeyConditionExpression: <>');
  const isMirrored = left.kind === 'value';
  const attribute = requireAttribute(isMirrored ? right : left, reader);
  const value = requireValue(isMirrored ? left : right, reader);
  const operation = isMirrored ? MIRRORED[comparator] : comparator;
  return { attribute, operation, values: [value], includes: (key) => satisfies(operation, key, value) };
}

function requireFirst(operand: Operand, operator: string, reader: ExpressionReader): string {
  if (operand.kind === 'path') return requireAttribute(operand, reader);
  const rule = `${operator} operator must have the key attribute as its first operand`;
  throw reader.invalid(`Invalid condition in KeyConditionExpression: ${rule}`);
}

function requireAttribute(operand: Operand, reader: ExpressionReader): string {
  if (operand.kind === 'size') throw reader.invalid('KeyConditionExpressions cannot contain nested operations');
  if (operand.kind === 'value') {
    throw reader.invalid('Invalid condition in KeyConditionExpression: No key attribute specified');
  }
  const [attribute, ...nested] = operand.path;
  if (nested.length === 0) return String(attribute);
  throw reader.invalid('KeyConditionExpressions cannot have conditions on nested attributes');
}

function requireValue(operand: Operand, reader: ExpressionReader): AttributeValue {
  if (operand.kind === 'value') return operand.value;
  if (operand.kind === 'size') throw reader.invalid('KeyConditionExpressions cannot contain nested operations');
  throw reader.invalid('Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition');
}

function operatorOf({ kind }: Condition): string {
  if (kind === 'exists') return 'attribute_exists';
  if (kind === 'type') return 'attribute_type';
  return kind === 'contains' ? kind : kind.toUpperCase();
}
