/** What holds itself has no end; no answer is so deep. */
const MOST_DEEP = 100;
/** A reference, or a number: as much as a 64-bit engine takes for it. */
const WORD_BYTES = 8;
const OBJECT_BYTES = 32;

/** About how much memory a value takes, from above: texts at two bytes a character. Infinity if it is too deep to tell. */
export function bytesOf(value: unknown, depth = 0): number {
  if (typeof value === 'string') return WORD_BYTES + 2 * value.length;
  if (typeof value !== 'object' || value === null) return WORD_BYTES;
  if (depth > MOST_DEEP) return Infinity;
  if (ArrayBuffer.isView(value)) return OBJECT_BYTES + value.buffer.byteLength;
  let bytes = OBJECT_BYTES;
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length && bytes < Infinity; i++) bytes += bytesOf(value[i], depth + 1);
    return bytes;
  }
  for (const [field, part] of Object.entries(value)) {
    bytes += bytesOf(field) + bytesOf(part, depth + 1);
    // What holds itself twice would be walked through for ever.
    if (bytes === Infinity) return bytes;
  }
  return bytes;
}
