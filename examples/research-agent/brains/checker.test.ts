import { checkPrompt } from '../prompts';
import { Verdict } from '../schemas';
import { checker } from './checker';

const statements = [
  'ml.g6.12xlarge has 4 L4 accelerators with 22.35 GiB of memory each, 89.41 GiB in all, 48 vCPUs and 192 GiB of host memory.',
  'By price per hour, the lowest is ml.g6.xlarge with 1.127 USD, then ml.g5.xlarge with 1.408 USD; the last is 1.25 times the first, 0.2813 USD more.',
];
const evidence = statements.map((statement, i) => ({ id: i + 1, statement, source: 'test' }));

const check = (sentence: string) => Verdict.parse(JSON.parse(checker(checkPrompt(sentence, evidence)))).supported;

test.each([
  'ml.g6.12xlarge has 4 L4 accelerators [1].',
  'An ml.g6.12xlarge has 89.4 GiB of memory in all.',
  'The lowest price per hour is that of ml.g6.xlarge with 1.13 USD, then ml.g5.xlarge [2].',
])('%p is supported', (sentence) => {
  expect(check(sentence)).toBe(true);
});

test.each([
  ['another number', 'ml.g6.12xlarge has 8 L4 accelerators [1].'],
  ['another name', 'ml.g6.24xlarge has 4 L4 accelerators [1].'],
  ['the names in the other order', 'The lowest is ml.g5.xlarge, then ml.g6.xlarge [2].'],
  ['the opposite', 'ml.g6.12xlarge does not have 4 L4 accelerators [1].'],
  ['something else', 'ml.g6.12xlarge answers quickly and reliably.'],
  ['what other evidence says', 'ml.g6.12xlarge has 4 L4 accelerators [2].'],
  ['what no evidence says', 'ml.g6.12xlarge has 4 L4 accelerators [3].'],
  ['a bad rounding', 'ml.g6.12xlarge has 89.5 GiB of memory in all [1].'],
])('%s is not supported', (_, sentence) => {
  expect(check(sentence)).toBe(false);
});
