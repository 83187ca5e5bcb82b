import { isObject } from '../../../core/graph/field-faults';
import { show } from '../../../core/graph/show';
import { MAX_TOKENS } from '../tokens';
import { BadLine } from './trace-error';

/** A line of JSON that holds an object. */
export function parseObject(line: string): Record<string, unknown> {
  const value = parseJson(line);
  if (!isObject(value)) throw new BadLine(`a line must hold a JSON object, got: ${show(value)}`);
  return value;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new BadLine(`not JSON: ${show(text)}`);
  }
}

/** A count of tokens, as a number or in digits. */
export function tokens(field: string, value: unknown): number {
  const count = numeric(value);
  if (!(Number.isInteger(count) && count >= 1 && count <= MAX_TOKENS)) {
    throw new BadLine(`${field} must be a whole number from 1, got: ${show(value)}`);
  }
  return count;
}

/** A time or a rate, as a number or in digits. */
export function amount(field: string, value: unknown): number {
  const number = numeric(value);
  if (!(number >= 0 && number < Infinity)) throw new BadLine(`${field} must be a number from 0, got: ${show(value)}`);
  return number;
}

function numeric(value: unknown): number {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value) ? Number(value) : NaN;
}
