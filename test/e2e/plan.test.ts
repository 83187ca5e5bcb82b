import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { plan } from '../../bin/commands/plan';
import { compound, killAll, system } from './compound';

/** Each process takes a second on a quiet machine, but machines are not always quiet. */
jest.setTimeout(30_000);

const AGENT = system('parrot');

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'plan-'));
});

afterAll(() => {
  killAll();
  rmSync(folder, { recursive: true });
});

function write(name: string, content: string | object): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

/** A request every four seconds or so, for forty minutes. */
const WORKLOAD = () =>
  write(
    'requests.csv',
    [
      'arrivalMs,promptTokens,outputTokens',
      ...Array.from({ length: 600 }, (_, i) => `${i * 4000 + (i % 7) * 300},${100 + (i % 50)},${50 + (i % 90)}`),
    ].join('\n'),
  );

const VOICE = {
  runsOn: [{ accelerator: 'RTX PRO 6000', cpuCores: 4, memoryMiB: 32_768, profile: 'llama-3.1-8b-rtx-pro-6000' }],
};
const PROFILES = () => write('plan.json', { components: { voice: VOICE }, instanceTypes: ['ml.g7e.2xlarge'] });

const run = (objective: string, profiles = PROFILES(), workload = WORKLOAD()) => [
  ...['--graph', AGENT, '--workload', workload, '--profiles', profiles],
  ...['--objective', objective],
];

test('prints the plan, what it costs and what was assumed, and writes the constructs', async () => {
  const out = join(folder, 'fleet.ts');
  const { code, stdout, stderr } = await compound('plan', ...run('p95=8s'), '--out', out);
  expect({ code, stderr }).toEqual({ code: 0, stderr: `wrote ${out}\n` });
  expect(stdout).toMatch(/^ml\.g7e\.2xlarge \(1 x RTX PRO 6000, \$4\.2039 an hour\), at most 1\n/);
  expect(stdout).toMatch(/^voice +1 +1 +\d+ +1 +1$/m);
  expect(stdout).toMatch(/^cost a month +\$3069 +\$3069$/m);
  expect(stdout).toMatch(/^P95 +\d\.\d+ s/m);
  expect(stdout).toMatch(/^assumed: node voice takes the promptTokens and outputTokens of the request: /m);
  expect(stdout).not.toContain('\u001b');
  expect(readFileSync(out, 'utf8')).toContain(
    '  components.voice.autoScaleCopies({ min: 1, max: 1, targetConcurrency: ',
  );
});

test('prints the plan as JSON', async () => {
  const { code, stdout } = await compound('plan', ...run('p95=8s'), '--json', '--seeds', '2');
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    agent: 'parrot',
    plan: { objective: { p95Ms: 8000 }, seeds: 2, seedsWithin: 2 },
    props: { fleet: { instanceTypes: ['ml.g7e.2xlarge'], maxInstances: 1 } },
    assumptions: expect.arrayContaining([expect.stringContaining('the workload covers 0.67 h')]),
  });
});

test.each<[what: string, args: () => string[], message: string]>([
  ['no graph', () => [], '--graph is missing: compound plan --graph agent.ts --workload'],
  ['no plan file', () => ['--graph', AGENT, '--workload', 'x'], '--profiles is missing'],
  [
    'an objective on something else',
    () => run('p99=8s'),
    '--objective must be a time such as p95=8s or p95=800ms, got: p99=8s',
  ],
  ['an objective of 0', () => run('p95=0s'), '--objective must be a time such as p95=8s'],
  ['one seed', () => [...run('p95=8s'), '--seeds', '1'], '--seeds must be a whole number from 2, got: 1'],
  ['an unknown agent', () => [...run('p95=8s'), '--agent', 'owl'], 'exports no graph owl; it exports: parrot'],
  ['no such workload', () => run('p95=8s', undefined, join(folder, 'none.csv')), 'there is no workload '],
  ['no such plan file', () => run('p95=8s', join(folder, 'none.json')), 'there is no plan file '],
  [
    'a bad line',
    () => run('p95=8s', undefined, write('bad.csv', 'arrivalMs,promptTokens,outputTokens\n1,2')),
    'bad.csv:2: a line must have 3 fields, got 2: "1,2"; correct the line, or leave it out (--skip-bad)',
  ],
  [
    'a bad synthetic workload',
    () => run('p95=8s', undefined, write('bad.json', { meanRatePerSecond: 0 })),
    'bad.json is no synthetic workload:\n  workload.days must be a number above 0, got: undefined\n  workload.meanRatePerSecond',
  ],
  [
    'an unknown profile',
    () =>
      run('p95=8s', write('odd.json', { components: { voice: { runsOn: [{ ...VOICE.runsOn[0], profile: 'x' }] } } })),
    'plan.components.voice.runsOn[0].profile names x, which is neither a file beside the plan file nor in the library: llama-3.1-8b',
  ],
  [
    'a model left out',
    () => run('p95=8s', write('no.json', { components: {} })),
    'plan.components.voice is missing, a model of parrot',
  ],
  [
    'an objective that nothing meets',
    () => run('p95=10ms'),
    'no deployment reaches a P95 of 0.0100 s: with a warm copy',
  ],
])('%s is a mistake that is explained', async (_, args, message) => {
  await expect(plan(args())).rejects.toThrow(message);
});
