import { numberCitations } from './citations';
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
