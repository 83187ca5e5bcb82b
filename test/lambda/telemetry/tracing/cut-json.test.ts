import fc from 'fast-check';
import { cutJson } from '../../../../lambda/telemetry/tracing/cut-json';

/** What JSON takes as a text within a JSON document. */
const bytesWithin = (json: string) => Buffer.byteLength(JSON.stringify(json)) - 2;

const escaped = fc.constantFrom('"'.repeat(99), '\n'.repeat(99), '\u0001'.repeat(99), '\ud83d\ude00'.repeat(99));
const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 400 }), escaped);
const json = fc.oneof(fc.jsonValue({ stringUnit: 'binary' }), fc.array(text), fc.dictionary(text, fc.array(text)));
const anything = fc.anything({ withBigInt: true, withDate: true, withTypedArray: true, withSparseArray: true });
const limit = fc.integer({ min: 64, max: 2_000 });

test('whatever the value, it is JSON within the limit', () => {
  fc.assert(
    fc.property(fc.oneof(anything, json), limit, (value, maxBytes) => {
      const cut = cutJson(value, maxBytes);
      JSON.parse(cut.json);
      expect(bytesWithin(cut.json)).toBeLessThanOrEqual(maxBytes);
    }),
  );
});

test('what fits is whole, and only that', () => {
  fc.assert(
    fc.property(json, limit, (value, maxBytes) => {
      const whole = JSON.stringify(value);
      const cut = cutJson(value, maxBytes);
      expect(cut.isCut).toBe(bytesWithin(whole) > maxBytes);
      if (!cut.isCut) expect(cut.json).toBe(whole);
    }),
  );
});

const long = (character: string) => character.repeat(500);

test.each<[what: string, value: unknown, written: unknown]>([
  ['a text', long('x'), `${'x'.repeat(99)}… (401 more characters)`],
  ['a text of pairs', '\ud83d\ude00'.repeat(500), `${'\ud83d\ude00'.repeat(24)}… (952 more characters)`],
  ['a list', Array(500).fill(7), [...Array(47).fill(7), '… (453 more)']],
  [
    'an object',
    { a: long('a'), b: 2, [long('c')]: 3, d: 4 },
    { a: expect.stringMatching(/^a+… /), b: 2, '…': '(2 more)' },
  ],
])('%s that is cut says by how much', (_, value, written) => {
  const { json, isCut } = cutJson(value, 128);
  expect([JSON.parse(json), isCut]).toEqual([written, true]);
});

test('short parts stay whole, and long ones are cut to equal shares', () => {
  const passages = ['short', long('a'), long('b'), 'short too'];
  const [first, a, b, last] = JSON.parse(cutJson(passages, 400).json);
  expect([first, last]).toEqual(['short', 'short too']);
  expect([a, b]).toEqual([expect.stringMatching(/^a{100,}… /), expect.stringMatching(/^b{100,}… /)]);
  expect(a.length).toBe(b.length);
});

test('what JSON has no word for says what it is, or is null', () => {
  const value = { big: 1n, bytes: new Uint8Array(5), at: new Date(0), nothing: undefined, call: () => {}, not: NaN };
  const written = { big: '1', bytes: '… (5 bytes)', at: '1970-01-01T00:00:00.000Z', call: null, not: null };
  expect(JSON.parse(cutJson(value, 1_000).json)).toEqual(written);
});

test('what holds itself has an end', () => {
  const self: Record<string, unknown> = {};
  Object.assign(self, { one: self, other: self });
  expect(cutJson(self, 16_384)).toMatchObject({ isCut: true, json: expect.stringContaining('more)') });
});

test('of a long list no more is read than could be written', () => {
  let reads = 0;
  const list = new Proxy(Array(1_000_000).fill('x'.repeat(50)), {
    get: (target, key) => {
      reads++;
      return Reflect.get(target, key);
    },
  });
  expect(cutJson(list, 1_000).json).toContain('… (9999');
  expect(reads).toBeLessThan(300);
});
