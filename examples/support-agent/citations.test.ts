import { citationsOf } from './citations';
import type { Passage } from './corpus/passage';

const passages: Passage[] = ['Buckets', 'Queues'].map((heading, i) => ({
  id: `p#${i}`,
  source: 'aws-cdk-lib/README.md',
  heading,
  text: 'Text',
}));
const headingsOf = (answer: string) => citationsOf(answer, passages).map(({ heading }) => heading);

test.each([
  ['in the order of their first mention', 'Use a queue [2]. Or a bucket [1][2].', ['Queues', 'Buckets']],
  ['unless the number has no passage', 'See [3], [0] and [1].', ['Buckets']],
  ['unless it stands in code', 'Take `list[1]`:\n```ts\nlist[2]\n```', []],
])('passages are cited %s', (_, answer, headings) => {
  expect(headingsOf(answer)).toEqual(headings);
});
