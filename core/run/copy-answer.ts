import { isPlain } from './plain';

/** What holds itself has no end; no answer is so deep. */
const MOST_DEEP = 100;

/** A copy of plain data, so that one run never sees what another did to an answer. What is not plain is shared. */
export function copyAnswer(value: unknown, depth = 0): unknown {
  if (depth > MOST_DEEP) return value;
  if (Array.isArray(value)) return value.map((item) => copyAnswer(item, depth + 1));
  if (typeof value !== 'object' || value === null || !isPlain(value)) return value;
  const copy: Record<string, unknown> = {};
  for (const field of Object.keys(value)) {
    const part = copyAnswer((value as Readonly<Record<string, unknown>>)[field], depth + 1);
    // By assignment that would change what the copy inherits.
    if (field === '__proto__') Object.defineProperty(copy, field, { value: part, ...OWN });
    else copy[field] = part;
  }
  return copy;
}

const OWN = { enumerable: true, writable: true, configurable: true };
