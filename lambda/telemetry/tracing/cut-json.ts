/** A value as JSON, within a limit. */
export interface CutJson {
  readonly json: string;
  readonly isCut: boolean;
}

/** What a part of a value may take, however many there are: with less it would be a mark and nothing else. */
const LEAST_BYTES = 64;
/** Of a list or an object that is cut: its brackets and its mark, `"… (1000000 more)"` or `"…":"(1000000 more)"`. */
const MARK_BYTES = 34;
/** What holds itself has no end; no answer is so deep. */
const MOST_DEEP = 32;

/**
 * A value as JSON that takes at most `maxBytes`, which are 64 at least, as a text within a JSON document, where its quotes and
 * line breaks are escaped once more. What is longer is cut within, so that it stays JSON: short parts of a list or an object stay
 * whole, the others get equal shares. Texts, lists and objects that are cut say by how much.
 *
 * What JSON has no word for is null. The work depends on the limit, not on how large the value is.
 *
 * @throws whatever reading the value throws
 */
export function cutJson(value: unknown, maxBytes: number): CutJson {
  return write(value, maxBytes, 0);
}

interface Written extends CutJson {
  readonly bytes: number;
}

function write(value: unknown, maxBytes: number, depth: number): Written {
  const bytes = sizeOf(value, maxBytes, depth);
  if (bytes > maxBytes) {
    const plain = toPlain(value, depth);
    if (typeof plain === 'string') return cutText(plain, maxBytes);
    if (typeof plain === 'object' && plain !== null) return cutParts(plain, maxBytes, depth);
  }
  return { json: wholeJson(value, depth), bytes, isCut: false };
}

function cutText(text: string, maxBytes: number): Written {
  let length = Math.max(0, Math.min(text.length, maxBytes));
  for (;;) {
    // Half of a pair is no character.
    const start = text.slice(0, length).replace(/[\ud800-\udbff]$/, '');
    const json = JSON.stringify(`${start}… (${text.length - start.length} more characters)`);
    const bytes = bytesOf(json);
    if (bytes <= maxBytes || length === 0) return { json, bytes, isCut: true };
    length = Math.max(0, Math.min(length - 1, Math.floor((length * maxBytes) / bytes)));
  }
}

function cutParts(container: object, maxBytes: number, depth: number): Written {
  const count = countOf(container);
  const written: string[] = [];
  let leftBytes = maxBytes - MARK_BYTES;
  // With less there is room for nothing but the mark.
  if (maxBytes >= LEAST_BYTES) {
    const shareBytes = fairShare(container, count, leftBytes, depth);
    for (const [label, part] of partsOf(container)) {
      const labelBytes = bytesOf(label) + 1;
      const { json, bytes } = write(part, Math.min(shareBytes, leftBytes) - labelBytes, depth + 1);
      if (labelBytes + bytes > leftBytes) break;
      leftBytes -= labelBytes + bytes;
      written.push(label + json);
    }
  }
  const missing = count - written.length;
  if (missing > 0) written.push(Array.isArray(container) ? `"… (${missing} more)"` : `"…":"(${missing} more)"`);
  return { json: enclosed(container, written), bytes: maxBytes - leftBytes, isCut: true };
}

/** The most that each part may take, so that together they take no more than these bytes. */
function fairShare(container: object, count: number, bytes: number, depth: number): number {
  // Of more of them not all could get the least.
  const most = Math.min(count, Math.ceil(bytes / LEAST_BYTES));
  // A need of so much is cut in any case, but where few have it; how much it is decides little then.
  const longBytes = (4 * bytes) / most;
  const needs: number[] = [];
  for (const [label, part] of partsOf(container)) {
    if (needs.push(bytesOf(label) + 1 + sizeOf(part, longBytes, depth + 1)) === most) break;
  }
  let leftBytes = bytes;
  for (const [i, need] of needs.sort((one, other) => one - other).entries()) {
    const share = leftBytes / (needs.length - i);
    if (need > share) return Math.max(LEAST_BYTES, Math.floor(share));
    leftBytes -= need;
  }
  return bytes;
}

/** What a value takes as a whole; Infinity if it is a text, a list or an object of more than `maxBytes`. */
function sizeOf(value: unknown, maxBytes: number, depth: number): number {
  const plain = toPlain(value, depth);
  // No character takes less than a byte.
  if (typeof plain === 'string') return plain.length > maxBytes ? Infinity : bytesOf(JSON.stringify(plain));
  if (typeof plain !== 'object' || plain === null) return wholeJson(plain, depth).length;
  // Each part is followed by a comma or the closing bracket.
  let bytes = 1;
  for (const [label, part] of partsOf(plain)) {
    bytes += bytesOf(label) + sizeOf(part, maxBytes - bytes, depth + 1) + 1;
    if (bytes > maxBytes) return Infinity;
  }
  return Math.max(2, bytes);
}

/** Of JSON as a text within a JSON document. */
function bytesOf(json: string): number {
  return Buffer.byteLength(JSON.stringify(json)) - 2;
}

function wholeJson(value: unknown, depth: number): string {
  const plain = toPlain(value, depth);
  if (typeof plain !== 'object' || plain === null) return JSON.stringify(plain) ?? 'null';
  return enclosed(
    plain,
    Array.from(partsOf(plain), ([label, part]) => label + wholeJson(part, depth + 1)),
  );
}

function enclosed(container: object, parts: readonly string[]): string {
  const inner = parts.join(',');
  return Array.isArray(container) ? `[${inner}]` : `{${inner}}`;
}

/** As JSON has it, but for what an object or a list holds. */
function toPlain(value: unknown, depth: number): unknown {
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (ArrayBuffer.isView(value)) return `… (${value.byteLength} bytes)`;
  if (depth > MOST_DEEP) return '… (too deep)';
  return 'toJSON' in value && typeof value.toJSON === 'function' ? value.toJSON() : value;
}

/** What a list or an object holds, each with what precedes it in JSON. */
function* partsOf(container: object): Iterable<readonly [label: string, part: unknown]> {
  if (Array.isArray(container)) for (const part of container) yield ['', part];
  else for (const [field, part] of fieldsOf(container)) yield [`${JSON.stringify(field)}:`, part];
}

function countOf(container: object): number {
  return Array.isArray(container) ? container.length : fieldsOf(container).length;
}

function fieldsOf(object: object): [string, unknown][] {
  return Object.entries(object).filter(([, value]) => value !== undefined);
}
