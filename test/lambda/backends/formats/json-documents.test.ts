import * as fc from 'fast-check';
import { JsonDocuments } from '../../../../lambda/backends/formats/json-documents';

/** The documents of a stream that comes in these parts. */
function read(...parts: (string | Uint8Array)[]): unknown[] {
  const documents = new JsonDocuments();
  const texts = [...parts.flatMap((part) => documents.push(Buffer.from(part))), ...documents.end()];
  return texts.map((text) => JSON.parse(text));
}

test.each([
  ['one document', '{"a":1}', [{ a: 1 }]],
  ['a document on each line', '{"a":1}\n{"b":2}\n', [{ a: 1 }, { b: 2 }]],
  ['a last line without an end', '{"a":1}\r\n{"b":2}', [{ a: 1 }, { b: 2 }]],
  ['empty lines', '\n{"a":1}\n\n \n{"b":2}\n', [{ a: 1 }, { b: 2 }]],
  ['a document over many lines', '{\n  "a": [\n    1\n  ]\n}\n', [{ a: [1] }]],
  ['a byte order mark', '\uFEFF{"a":1}', [{ a: 1 }]],
  ['nothing', '', []],
])('%s', (_, stream, expected) => {
  expect(read(stream)).toEqual(expected);
});

test('a document on a line is told with the end of its line', () => {
  const documents = new JsonDocuments();
  expect(documents.push(Buffer.from('{"a":'))).toEqual([]);
  expect(documents.push(Buffer.from('1}\n{"b"'))).toEqual(['{"a":1}']);
  expect(documents.push(Buffer.from(':2}\n'))).toEqual(['{"b":2}']);
  expect(documents.end()).toEqual([]);
});

test('however the bytes are cut, and however they are laid out, the documents are the same', () => {
  const document = fc.object({ maxDepth: 2, values: [fc.integer(), fc.string({ unit: 'grapheme' })] });
  fc.assert(
    fc.property(
      fc.array(document, { minLength: 1, maxLength: 5 }),
      fc.boolean(),
      fc.array(fc.nat(), { maxLength: 10 }),
      (all, isOne, cuts) => {
        const written = isOne ? [all[0]] : all;
        const text = isOne ? JSON.stringify(all[0], null, 2) : all.map((each) => JSON.stringify(each)).join('\n');
        const bytes = Buffer.from(text);
        const at = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length];
        const parts = at.slice(1).map((end, i) => bytes.subarray(at[i], end));
        expect(read(...parts)).toEqual(JSON.parse(JSON.stringify(written)));
      },
    ),
  );
});
