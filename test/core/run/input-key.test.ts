import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { fieldsKey, inputKey } from '../../../core/run/input-key';

const input = fc.oneof(
  fc.anything({ withDate: true, withMap: true, withBigInt: true, maxDepth: 3, maxKeys: 3 }),
  // Small enough that equals and near-equals turn up.
  fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom('', '1', '"', ',', 'undefined', 1, 0, -0, Number.NaN, null, undefined, true, 'true', [], {}),
      fc.array(tie('value'), { maxLength: 2 }),
      fc.dictionary(fc.constantFrom('a', 'b', '0'), tie('value'), { maxKeys: 2 }),
    ),
  })).value,
);

test('inputs with the same key are the same', () => {
  fc.assert(
    fc.property(input, input, (a, b) => {
      const key = inputKey(a);
      if (key !== undefined && key === inputKey(b)) expect(isDeepStrictEqual(plain(a), plain(b))).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

/** Objects with and without a prototype are alike on any wire. */
const plain = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([field, part]) => [field, plain(part)]));
};

test('a copy of a plain input has its key', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(inputKey(structuredClone(value))).toBe(inputKey(value));
      expect(inputKey(value)).toBeDefined();
    }),
  );
});

test('an input that holds itself has no key', () => {
  const input: { self?: object } = {};
  input.self = input;
  expect(inputKey(input)).toBeUndefined();
});

test.each([
  ['a date', new Date(0)],
  ['a map', { rows: new Map() }],
  ['a function', { encode: () => '' }],
  ['bytes', [new Uint8Array(2)]],
  ['a symbol as a field', { [Symbol('a')]: 1 }],
])('%s has no key: what a format makes of it is not known', (_, value) => {
  expect(inputKey(value)).toBeUndefined();
});

test('of the fields that decide, those that are left out count as undefined; without any there is no key', () => {
  expect(fieldsKey({ query: 'a', trace: 1 }, ['query'])).toBe(fieldsKey({ query: 'a', trace: 2 }, ['query']));
  expect(fieldsKey({ query: 'a' }, ['query'])).not.toBe(fieldsKey({ query: 'b' }, ['query']));
  expect(fieldsKey({ query: 'a' }, ['query', 'top'])).not.toBe(fieldsKey({ query: 'a', top: 3 }, ['query', 'top']));
  expect(fieldsKey({ trace: 1 }, ['query'])).toBeUndefined();
  expect(fieldsKey('text', ['query'])).toBeUndefined();
});
