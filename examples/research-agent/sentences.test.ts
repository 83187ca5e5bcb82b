import * as fc from 'fast-check';
import { sentences } from './sentences';

async function* partsOf(parts: readonly string[]) {
  yield* parts;
}

async function cut(parts: readonly string[]): Promise<string[]> {
  const all: string[] = [];
  for await (const sentence of sentences(partsOf(parts))) all.push(sentence);
  return all;
}

test('a sentence ends with its mark, not with a point inside a number or a name', async () => {
  const text = 'ml.g5.xlarge costs 1.408 USD [1]. Is it "cheap?" It is.';
  expect(await cut([text])).toEqual(['ml.g5.xlarge costs 1.408 USD [1].', ' Is it "cheap?"', ' It is.']);
});

test('a text without an end is a sentence too', async () => {
  expect(await cut(['One. Tw', 'o'])).toEqual(['One.', ' Two']);
});

test('however a text is cut into parts, it has the same sentences', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom('a', '1.5', '.', '! ', ' ', '\n', '")')), async (pieces) => {
      const whole = await cut([pieces.join('')]);
      expect(await cut(pieces)).toEqual(whole);
      expect(whole.join('').trim()).toBe(pieces.join('').trim());
    }),
  );
});
