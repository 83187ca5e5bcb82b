import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunEvent } from 'cdk-compound-inference/run';
import * as fc from 'fast-check';
import { runInProcess, type StandIns } from '../shared/run-in-process';
import { research } from './agent';
import * as brains from './brains';
import { NO_ANSWER } from './prompts';
import { handler as calculate } from './tools/calculate';
import { handler as compare } from './tools/compare';
import { handler as find } from './tools/find';
import { handler as lookup } from './tools/lookup';

const standIns: StandIns = { brains, handlers: { lookup, find, calculate, compare } };
const ask = async (question: string, changed: Partial<StandIns> = {}) =>
  (await runInProcess(research, { question }, { ...standIns, ...changed })).output;

test.each([
  [
    'What does ml.p5.48xlarge cost per month?',
    /^The price for a month of ml\.p5\.48xlarge is 46210 USD \(63\.296 \* 730\)/,
  ],
  ['How much are two ml.g5.2xlarge for 3 days?', /^The price for 3 days of 2 ml\.g5\.2xlarge is 218\.2 USD/],
  ['What is the hourly price of g6.8xlarge?', /ml\.g6\.8xlarge costs 2\.518 USD per hour/],
  ['How many GPUs does an ml.g6e.24xlarge have?', /ml\.g6e\.24xlarge has 4 L40S accelerators/],
  [
    'What is the price per vCPU of ml.g5.xlarge?',
    /^The price per hour per vCPU of ml\.g5\.xlarge is 0\.352 USD \(1\.408 \/ 4\)/,
  ],
  ['Which is cheaper, g5.48xlarge or g6.48xlarge?', /^By price per hour, the lowest is ml\.g6\.48xlarge/],
  [
    'Which costs less per GiB of GPU memory, ml.g5.12xlarge or ml.g6e.12xlarge?',
    /^By price per hour per GiB of accelerator memory, the lowest is ml\.g6e\.12xlarge with 0\.07335 USD/,
  ],
  [
    'How much do I save per year with g6.12xlarge instead of g5.12xlarge?',
    /^By price for a year, the lowest is ml\.g6\.12xlarge with 50390 USD, .*, 11720 USD more \[1\]/,
  ],
  [
    'Which costs less per GiB of GPU memory, ml.g5.12xlarge or the cheapest instance with L40S GPUs?',
    /^By price per hour per GiB of accelerator memory, the lowest is ml\.g6e\.xlarge with 0\.05829 USD, then ml\.g5\.12xlarge/,
  ],
  [
    'What does an instance with 4 GPUs for under $6 an hour cost per month?',
    /^The price for a month of ml\.g6\.12xlarge is 4199 USD/,
  ],
  ['I want to host Llama 70B in fp8. What is the cheapest option?', /at least 65\.19 GiB, ml\.g7e\.2xlarge/],
  [
    'Which GPU has more memory, the L40S or the H100?',
    /^By memory per accelerator, the lowest is L40S with 44\.7 GiB, then H100/,
  ],
  [
    'What is the cheapest instance with at least 80 GiB of GPU memory?',
    /accelerator memory of at least 80 GiB, ml\.g7e\.2xlarge/,
  ],
  [
    'Which instance has the most vCPUs for under $9 an hour?',
    /at most 9 USD, ml\.g6\.24xlarge has the highest number of vCPUs: 96/,
  ],
  [
    'Cheapest instance type with A10G GPUs and at least 64 GiB of host memory?',
    /64 GiB, ml\.g5\.4xlarge has the lowest price/,
  ],
  [
    'Does a 70B model in bf16 fit on ml.g6.12xlarge?',
    /the lowest is ml\.g6\.12xlarge with 89\.41 GiB, then a model .* 130\.4 GiB/,
  ],
  [
    'Where is a 13B model in int8 served most cheaply, and what is that per month?',
    /at least 12\.11 GiB.*ml\.g6\.xlarge/,
  ],
  [
    'Which instance has 9000 GiB of GPU memory or more, at least 9000 GiB of memory?',
    /^No instance type of the catalogue/,
  ],
  ['How much is ml.z9.large per month?', /^The catalogue does not have ml\.z9\.large \[1\]\.$/],
])('%p is answered to the point, from what it cites', async (question, expected) => {
  const { answer, sources } = await ask(question);
  expect(answer).toMatch(expected);
  expect(sources.length).toBeGreaterThan(0);
  for (const { id } of sources) expect(answer).toContain(`[${id}]`);
});

test('what is found can be calculated with: the plan refers to it before it is known', async () => {
  const { answer } = await ask('What does the cheapest instance for a 30B model cost per year?');
  expect(answer).toMatch(/^The price for a year of ml\.g7e\.2xlarge is 36830 USD \(4\.2039 \* 8760\)/);
});

test('a sentence that nothing supports is left out where it stood, and told apart from the answer', async () => {
  const { answer, dropped } = await ask('Compare g5.xlarge with g6.xlarge');
  expect(dropped).toEqual(['ml.g6.xlarge also answers faster than the others.']);
  expect(answer).not.toContain('faster');
  expect(answer).toMatch(/\. \[…\]$/);
});

test.each([
  ['a number', (draft: string) => draft.replace('5.752', '3.14')],
  ['a name', (draft: string) => draft.replace('ml.g6.12xlarge costs', 'ml.g6.48xlarge costs')],
  ['a citation', (draft: string) => draft.replace(/costs 5\.752 USD per hour \[\d\]/, 'costs 5.752 USD per hour [9]')],
])('%s that the writer made up is not told', async (_, change) => {
  const forger = (...args: Parameters<typeof brains.writer>) => change(brains.writer(...args));
  const { answer, dropped } = await ask('What is the price of ml.g6.12xlarge?', {
    brains: { ...brains, writer: forger },
  });
  expect(dropped).toHaveLength(1);
  expect(answer).not.toContain('costs');
});

test('what could not be checked is not told', async () => {
  const fails = () => {
    throw new Error('out of memory');
  };
  const { answer, sources, dropped } = await ask('What is the price of ml.g6.12xlarge?', {
    brains: { ...brains, checker: fails },
  });
  expect(answer).not.toContain('USD');
  expect(sources).toEqual([]);
  expect(dropped).toHaveLength(2);
});

test.each(['What is the capital of France?', 'The cheapest pizza', '¿?', 'per month'])(
  '%p is out of scope, and the answer says so',
  async (question) => {
    expect(await ask(question)).toEqual({ answer: NO_ANSWER, sources: [], dropped: [] });
  },
);

test('what is streamed is the answer', async () => {
  for (const question of ['Compare g5.xlarge with g6.xlarge', 'What is the capital of France?']) {
    let heard = '';
    const onEvent = (event: RunEvent) => {
      if (event.type === 'text') heard += event.text;
    };
    const { output } = await runInProcess(research, { question }, standIns, { onEvent });
    expect(heard).toBe(output.answer);
  }
});

test('whatever is asked in the words of the catalogue is answered from evidence, or said not to be there', async () => {
  const word = fc.constantFrom(
    ...[
      'cheapest',
      'most',
      'memory',
      'GPUs',
      'vCPUs',
      'instance',
      'per month',
      'per GiB',
      'at least',
      'under $',
      '0',
      '3',
      '70B',
    ],
    ...[
      'g5.xlarge',
      'ml.p5.48xlarge',
      'ml.z1.large',
      'H100',
      'L4',
      'and',
      'or',
      'int8',
      'cost',
      'for two weeks',
      'each',
      '1.2.3',
    ],
  );
  await fc.assert(
    fc.asyncProperty(fc.array(word, { minLength: 1, maxLength: 12 }), async (words) => {
      const { answer, sources } = await ask(words.join(' '));
      expect(sources.length > 0 || answer === NO_ANSWER).toBe(true);
    }),
  );
});

test('an empty question is refused', async () => {
  await expect(ask('  ')).rejects.toThrow('question');
});

test('the README shows the graph as it is', () => {
  expect(readFileSync(join(__dirname, 'README.md'), 'utf8')).toContain(research.toMermaid());
});
