import { isRecord } from './http';

/** A request whose body is not what the operation takes. */
export class InvalidInputError extends Error {
  override readonly name = 'InvalidInputError';
}

export function readJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (error) {
    throw new InvalidInputError(`the body is not JSON: ${String(error)}`);
  }
}

export function listOf(value: unknown, path: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new InvalidInputError(`${path} must be a list`);
  return value;
}

export function stringOf(value: unknown, path: string): string {
  if (typeof value !== 'string') throw new InvalidInputError(`${path} must be a string`);
  return value;
}

export function optionalString(value: unknown, path: string): string | undefined {
  return value === undefined || value === null ? undefined : stringOf(value, path);
}

export function optionalNumber(value: unknown, path: string): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number') throw new InvalidInputError(`${path} must be a number`);
  return value;
}

export function optionalCount(value: unknown, path: string): number | undefined {
  const count = optionalNumber(value, path);
  if (count !== undefined && !(Number.isInteger(count) && count >= 1)) {
    throw new InvalidInputError(`${path} must be a whole number of at least 1, got: ${count}`);
  }
  return count;
}

/** The text of a list of `{ text }` blocks, as OpenAI and Converse write content; blocks of other kinds are refused. */
export function textOfParts(parts: unknown, path: string): string {
  const texts = listOf(parts, path).map((part, i) => {
    if (!isRecord(part) || typeof part.text !== 'string') throw new InvalidInputError(`${path}[${i}] must be text`);
    return part.text;
  });
  return texts.join('');
}
