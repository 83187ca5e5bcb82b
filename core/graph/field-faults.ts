import type { Rule } from './rules';
import { show } from './show';

/** Tells what is wrong with a value; `at` is its field, as messages name it. */
export type Check = (at: string, value: unknown) => Iterable<string>;

/** A check for each field; what a table does not name is a fault. */
export type Fields<T> = Readonly<Record<keyof T, Check>>;

export function* objectFaults(at: string, value: unknown, fields: Readonly<Record<string, Check>>): Iterable<string> {
  if (!isObject(value)) return yield `${at} must be an object`;
  for (const [field, check] of Object.entries(fields)) yield* check(`${at}.${field}`, value[field]);
  for (const field of Object.keys(value)) {
    if (!Object.hasOwn(fields, field)) yield `${at}.${field} is none of ${Object.keys(fields).join(', ')}`;
  }
}

/** The check that a rule of definitions makes. */
export function checkOf(rule: Rule): Check {
  return (at, value) => {
    const faults: string[] = [];
    rule(value, at, (path, message) => faults.push(`${path} ${message}`));
    return faults;
  };
}

export function optional(check: Check): Check {
  return (at, value) => (value === undefined ? [] : check(at, value));
}

/** Of an object with any keys. */
export function each(check: Check): Check {
  return function* (at, value) {
    if (!isObject(value)) return yield `${at} must be an object`;
    for (const [key, item] of Object.entries(value)) yield* check(`${at}.${key}`, item);
  };
}

export function* text(at: string, value: unknown): Iterable<string> {
  if (typeof value !== 'string') yield `${at} must be a string`;
}

export function* name(at: string, value: unknown): Iterable<string> {
  if (typeof value !== 'string' || value === '') yield `${at} must be a string`;
}

export function* amount(at: string, value: unknown): Iterable<string> {
  if (!(typeof value === 'number' && value >= 0 && value < Infinity)) {
    yield `${at} must be a number from 0, got: ${show(value)}`;
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
