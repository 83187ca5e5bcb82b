import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInProcess, type StandIns } from '../shared/run-in-process';
import { review } from './agent';
import * as brains from './brains';
import { readFiles } from './read-files';
import type { ReviewRequest } from './schemas';
import { handler as splitter } from './split-functions';

const standIns: StandIns = { brains, handlers: { splitter } };
const run = async (files: ReviewRequest['files'], changed: Partial<StandIns> = {}) =>
  (await runInProcess(review, { files }, { ...standIns, ...changed })).output;

const risky = { path: 'risky.ts', source: 'export function run(code) { return eval(code); }' };
const slow = {
  path: 'slow.ts',
  source: 'async function load(ids) {\n  for (const id of ids) {\n    await get(id);\n  }\n}',
};

test('each function is judged by every analyser, and the worst finding leads the report', async () => {
  const { report, findings } = await run([slow, risky]);
  expect(findings).toMatchObject([
    { path: 'risky.ts', function: 'run', line: 1, aspect: 'security', severity: 'high' },
    { path: 'slow.ts', function: 'load', line: 3, aspect: 'performance', severity: 'medium' },
  ]);
  expect(report).toContain('Fix first: Text run as code in `run` (`risky.ts:1`).');
});

test("this repository's own core has no finding of high severity", async () => {
  const { findings, functionsReviewed, skipped } = await run(readFiles([join(__dirname, '../../core')]).files);
  expect(functionsReviewed).toBeGreaterThan(50);
  expect(findings.filter(({ severity }) => severity === 'high')).toEqual([]);
  expect(skipped).toEqual([]);
});

test('a file with a syntax error is named, and the others are reviewed', async () => {
  const { findings, skipped } = await run([{ path: 'broken.ts', source: 'function (' }, risky]);
  expect(skipped).toMatchObject([{ path: 'broken.ts' }]);
  expect(findings).toHaveLength(1);
});

test('of too many functions the longest are reviewed, and the answer says how many', async () => {
  const functions = Array.from({ length: 500 }, (_, i) => `function f${i}() { return ${'1 + '.repeat(i % 7)}1; }`);
  expect(await run([{ path: 'many.ts', source: functions.join('\n') }])).toMatchObject({
    functionsFound: 500,
    functionsReviewed: 100,
    findings: [],
    report: '100 functions reviewed, 0 findings, 0 analyses failed.',
  });
});

test('an analyser or a ranker that fails costs its part, not the review, and the answer says so', async () => {
  const fails = () => {
    throw new Error('out of memory');
  };
  const { findings, failedAnalyses } = await run([slow, risky], {
    brains: { ...brains, security: fails, ranker: fails },
  });
  expect(failedAnalyses).toBe(2);
  expect(findings.map(({ aspect }) => aspect)).toEqual(['performance']);
});

test.each([
  ['no files', []],
  ['a file without a path', [{ path: '', source: '' }]],
])('%s are refused', async (_, files) => {
  await expect(run(files)).rejects.toThrow('files');
});

test('the README shows the graph as it is', () => {
  expect(readFileSync(join(__dirname, 'README.md'), 'utf8')).toContain(review.toMermaid());
});
