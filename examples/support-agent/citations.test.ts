import * as fc from 'fast-check';
import { CitedText, numberCitations, numberedParts } from './citations';
import type { Passage } from './corpus/passage';

const passages: Passage[] = ['Buckets', 'Queues'].map((heading, i) => ({
  id: `p#${i}`,
  source: 'aws-cdk-lib/README.md',
  heading,
  text: 'Text',
}));

test.each([
  [
    'in the order of their first mention',
    'Use a queue [2]. Or a bucket [1][2].',
    'Use a queue [1]. Or a bucket [2][1].',
  ],
  ['without numbers that have no passage', 'A queue [2][3], or none [0].', 'A queue [1], or none.'],
  ['but not in code', 'Take `list[1]`:\n```ts\nlist[2]\n```\n[2]', 'Take `list[1]`:\n```ts\nlist[2]\n```\n[1]'],
  ['but not in a block of code that has no end', '```ts\nlist[2]\n', '```ts\nlist[2]'],
])('citations are numbered %s', (_, text, answer) => {
  expect(numberCitations(text, passages).answer).toBe(answer);
});

test('what is cited is listed by its number', () => {
  expect(numberCitations('A queue [2], a bucket [1].', passages).citations).toEqual([
    { id: 1, source: 'aws-cdk-lib/README.md', heading: 'Queues' },
    { id: 2, source: 'aws-cdk-lib/README.md', heading: 'Buckets' },
  ]);
});

test('an answer that cites nothing stays as it is', () => {
  expect(numberCitations('No idea.', passages)).toEqual({ answer: 'No idea.', citations: [] });
});

test('what is certain is told at once: prose, code, and a citation with its last bracket', () => {
  const cited = new CitedText(passages);
  const parts = ['A queue', ' [', '2', '], or', ':\n\n```ts\nlist[', '2];\n``', '`\n\nMore', '\n'];
  expect([...parts.map((part) => cited.add(part)), cited.end()]).toEqual([
    'A queue',
    '',
    '',
    ' [1], or',
    ':\n\n```ts\nlist[',
    '2];',
    '\n```\n\nMore',
    '',
    '',
  ]);
});

test('however an answer is cut into parts, they come to the same text', async () => {
  const piece = fc.constantFrom('[1]', '[2]', '[9]', ' ', '\n', '`', '``', '```', 'a', 'list[2]', '[', ']', '2');
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 25 }), fc.array(fc.nat(8)), async (pieces, cuts) => {
      const text = pieces.join('');
      async function* parts() {
        let at = 0;
        for (const cut of cuts) {
          yield text.slice(at, at + cut);
          at += cut;
        }
        yield text.slice(at);
      }
      let told = '';
      for await (const part of numberedParts(parts(), passages)) told += part;
      expect(told).toBe(numberCitations(text, passages).answer);
      expect(told).toBe(told.trim());
    }),
  );
});
