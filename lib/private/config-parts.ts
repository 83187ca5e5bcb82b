import { joinedConfig } from '../../core/api/joined-config';
import { isObject } from '../../core/graph/field-faults';

/** A value at its place in a configuration. */
export interface ConfigPiece {
  readonly path: readonly string[];
  readonly value: unknown;
  /** Of the configuration that holds nothing else, as JSON. */
  readonly bytes: number;
}

/**
 * The largest pieces of a configuration that take so many bytes at most, in their order. What cannot be divided further, such as a
 * list or a text, stays whole and takes more.
 *
 * @param sized the configuration with what counts in place of its tokens
 */
export function* configPieces(
  value: unknown,
  sized: unknown,
  maxBytes: number,
  path: readonly string[] = [],
): Iterable<ConfigPiece> {
  const bytes = bytesOf(placed(path, sized));
  if (bytes <= maxBytes || !isObject(value) || !isObject(sized)) return yield { path, value, bytes };
  for (const [key, item] of Object.entries(value)) yield* configPieces(item, sized[key], maxBytes, [...path, key]);
}

/** Pieces put together in their order, as long as they take so many bytes at most. */
export function configParts(pieces: Iterable<ConfigPiece>, maxBytes: number): readonly object[] {
  const parts: object[][] = [];
  let room = -1;
  for (const { path, value, bytes } of pieces) {
    if (bytes > room) {
      parts.push([]);
      room = maxBytes;
    }
    parts.at(-1)!.push(placed(path, value));
    room -= bytes;
  }
  return parts.map((pieces) => joinedConfig(pieces) as object);
}

/** Of a value as JSON. */
export function bytesOf(value: object): number {
  return Buffer.byteLength(JSON.stringify(value));
}

function placed(path: readonly string[], value: unknown): object {
  return path.reduceRight((inner, key) => ({ [key]: inner }), value) as object;
}
