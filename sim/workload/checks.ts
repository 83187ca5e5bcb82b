import { isObject } from '../../core/graph/field-faults';
import { show } from '../../core/graph/show';

/** Yields what is wrong with a value of a field, in words that name both. */
export type Check = (at: string, value: unknown) => Iterable<string>;

/** An object with these fields and no others. */
export function record(fields: Readonly<Record<string, Check>>): Check {
  return function* (at, value) {
    if (!isObject(value)) return yield `${at} must be an object, got: ${show(value)}`;
    for (const [field, check] of Object.entries(fields)) yield* check(`${at}.${field}`, value[field]);
    for (const field of Object.keys(value)) {
      if (!Object.hasOwn(fields, field)) yield `${at}.${field} is none of ${Object.keys(fields).join(', ')}`;
    }
  };
}

export function list(check: Check): Check {
  return function* (at, value) {
    if (!Array.isArray(value) || value.length === 0) return yield `${at} must be a list with at least one entry`;
    for (const [index, entry] of value.entries()) yield* check(`${at}[${index}]`, entry);
  };
}

export function optional(check: Check): Check {
  return (at, value) => (value === undefined ? [] : check(at, value));
}

export function oneOf(...values: readonly string[]): Check {
  return function* (at, value) {
    if (!values.includes(value as string)) yield `${at} must be one of ${values.join(', ')}, got: ${show(value)}`;
  };
}

export const positive: Check = function* (at, value) {
  if (!(isNumber(value) && value > 0)) yield `${at} must be a number above 0, got: ${show(value)}`;
};

export function from(least: number, most = Infinity): Check {
  const range = most === Infinity ? `a number from ${least}` : `a number from ${least} to ${most}`;
  return function* (at, value) {
    if (!(isNumber(value) && value >= least && value <= most)) yield `${at} must be ${range}, got: ${show(value)}`;
  };
}

function isNumber(value: unknown): value is number {
  return Number.isFinite(value);
}
