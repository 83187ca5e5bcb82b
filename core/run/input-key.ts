import { isPlain } from './plain';

/** What holds itself has no end; no input is so deep. */
const MOST_DEEP = 100;

/**
 * A text that two inputs share only if they are the same to every wire format; undefined if that cannot be told, as of
 * instances of classes. Inputs whose keys come in another order count as different, which costs a hit and nothing else.
 */
export function inputKey(value: unknown, depth = 0): string | undefined {
  if (typeof value === 'string') return JSON.stringify(value);
  // The two zeros print alike.
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  if (value === null || value === undefined || typeof value === 'boolean') return String(value);
  return typeof value === 'object' ? compoundKey(value, depth) : undefined;
}

/** The fields of an input that decide the answer; undefined if it has none of them. */
export function fieldsKey(input: unknown, fields: readonly string[]): string | undefined {
  if (typeof input !== 'object' || input === null) return undefined;
  const seen = input as Readonly<Record<string, unknown>>;
  if (!fields.some((field) => Object.hasOwn(seen, field))) return undefined;
  return inputKey(fields.map((field) => (Object.hasOwn(seen, field) ? seen[field] : undefined)));
}

function compoundKey(value: object, depth: number): string | undefined {
  if (depth > MOST_DEEP) return undefined;
  const isList = Array.isArray(value);
  if (!isList && !isPlain(value)) return undefined;
  if (Object.getOwnPropertySymbols(value).length > 0) return undefined;
  let text = '';
  for (const field of Object.keys(value)) {
    const key = inputKey((value as Readonly<Record<string, unknown>>)[field], depth + 1);
    if (key === undefined) return undefined;
    text += `${JSON.stringify(field)}:${key},`;
  }
  return isList ? `[${value.length}:${text}]` : `{${text}}`;
}
