import type { GraphFault } from './errors';
import { show } from './show';

/** Letters, digits, `_` and `-`: safe as an object key, a metric dimension and a word of a URL. */
const NAME = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/;

export function* checkName(path: string, name: unknown): Iterable<GraphFault> {
  if (typeof name !== 'string' || !NAME.test(name)) {
    yield { path, message: `${show(name)} is no name: use a letter, then up to 63 letters, digits, "_" or "-"` };
  }
}

export function* checkFunction(path: string, value: unknown): Iterable<GraphFault> {
  if (typeof value !== 'function') yield { path, message: `must be a function, got: ${show(value)}` };
}

export function* checkSchema(path: string, schema: unknown): Iterable<GraphFault> {
  const standard = (schema as { '~standard'?: { validate?: unknown } } | null | undefined)?.['~standard'];
  if (typeof standard?.validate !== 'function') {
    const message = `must be a schema that implements Standard Schema, such as z.object({...}), got: ${show(schema)}`;
    yield { path, message };
  }
}

export function* checkCount(path: string, value: unknown): Iterable<GraphFault> {
  if (value !== undefined && !(Number.isInteger(value) && (value as number) >= 1)) {
    yield { path, message: `must be a whole number from 1, got: ${show(value)}` };
  }
}

/** Checks that each field is known and a positive number of milliseconds. */
export function* checkDurations(
  path: string,
  options: object | undefined,
  known: readonly string[],
): Iterable<GraphFault> {
  if (options === undefined) return;
  yield* checkKeys(path, options, known);
  for (const key of known) {
    const value = (options as Record<string, unknown>)[key];
    if (value !== undefined && !(typeof value === 'number' && value > 0 && value < Infinity)) {
      yield { path: `${path}.${key}`, message: `must be a positive number of milliseconds, got: ${show(value)}` };
    }
  }
}

export function* checkKeys(path: string, options: object, known: readonly string[]): Iterable<GraphFault> {
  for (const key of Object.keys(options)) {
    if (!known.includes(key))
      yield { path: `${path}.${key}`, message: `is no option here (options: ${known.join(', ')})` };
  }
}
