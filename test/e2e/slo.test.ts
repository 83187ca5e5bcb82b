import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { slo } from '../../bin/commands/slo';
import { compound, killAll, system } from './compound';

/** Each process takes a second on a quiet machine, but machines are not always quiet. */
jest.setTimeout(30_000);

const AGENT = system('parrot');
const SUPPORT = 'examples/support-agent/agent.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'slo-'));
});

afterAll(() => {
  killAll();
  rmSync(folder, { recursive: true });
});

function profiles(): string {
  const path = join(folder, 'plan.json');
  const voice = {
    runsOn: [{ accelerator: 'RTX PRO 6000', cpuCores: 4, memoryMiB: 32_768, profile: 'llama-3.1-8b-rtx-pro-6000' }],
  };
  writeFileSync(path, JSON.stringify({ components: { voice } }));
  return path;
}

test('prints the shares as a table and as a picture, and what was assumed', async () => {
  const { code, stdout, stderr } = await compound('slo', SUPPORT, '--objective', 'p95=20s');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^p95=20 s on ml\.g7e\.\w+: \$\d+\.\d\d for 1000 runs; at light load runs take 13\.\d s\n/);
  expect(stdout).toMatch(/^component +node +share +light P95 +slack +critical +\$\/1000 runs$/m);
  expect(stdout).toMatch(/^writer +answer +\d+ ms +\d+ ms +\d+ ms +\d+ % +\d+\.\d{4}$/m);
  expect(stdout).toMatch(/^search +facts +\d+ ms +0 %$/m);
  expect(stdout).toMatch(/^plan +█+▒+$/m);
  expect(stdout).toMatch(/^answer +█+▒+$/m);
  expect(stdout).toMatch(/^ +0 +objective \| 20 s$/m);
  expect(stdout).toMatch(/^assumed: requests have 1020 prompt tokens/m);
  expect(stdout).not.toContain('\u001b');
  for (const line of stdout.split('\n').slice(2, 18)) expect(line.length).toBeLessThanOrEqual(80);
});

test('prints the split as data', async () => {
  const { code, stdout } = await compound('slo', AGENT, '--profiles', profiles(), '--json');
  expect(code).toBe(0);
  const known = { lightP95Ms: expect.any(Number), criticality: expect.any(Number), needs: [] };
  expect(JSON.parse(stdout)).toEqual({
    agent: 'parrot',
    objective: { p95Ms: expect.any(Number) },
    instanceType: expect.any(String),
    leastP95Ms: expect.any(Number),
    kappa: expect.any(Number),
    usdPer1000Runs: expect.any(Number),
    nodes: [
      { node: 'known', component: 'look-up', ...known },
      {
        node: 'voice',
        component: 'voice',
        ...known,
        shareMs: expect.any(Number),
        slackMs: expect.any(Number),
        copiesAtOneRunPerSecond: expect.any(Number),
        usdPer1000Runs: expect.any(Number),
      },
    ],
    components: expect.arrayContaining([
      {
        component: 'voice',
        visits: 1,
        timeShare: expect.any(Number),
        criticality: expect.any(Number),
        usdPer1000Runs: expect.any(Number),
      },
    ]),
    assumptions: expect.arrayContaining([expect.stringContaining('twice what runs take at light load')]),
  });
});

test('prints the graph with its shares for Mermaid', async () => {
  const { stdout } = await compound('slo', SUPPORT, '--objective', 'p95=20s', '--mermaid');
  expect(stdout).toMatch(/^flowchart LR\n {2}n0\["plan<br\/><i>planner<\/i><br\/>\d+ ms"\]\n/);
  expect(stdout).toContain('"passages"');
  expect(stdout).toMatch(/ {2}n5 --> n6\n {2}n6 --> n7\n/);
});

test.each<[what: string, args: () => string[], message: string]>([
  ['no module', () => [], 'name one module: compound slo agent.ts --objective p95=8s --profiles plan.json'],
  ['two pictures', () => [AGENT, '--json', '--mermaid'], 'choose one of --mermaid and --json'],
  ['an objective on something else', () => [AGENT, '--objective', 'p99=1s'], '--objective must be a time such as'],
  ['no plan file', () => [AGENT], '--profiles is missing, and there is no '],
  ['no such plan file', () => [AGENT, '--profiles', 'none.json'], 'there is no plan file none.json'],
  ['an unknown agent', () => [AGENT, '--agent', 'owl'], 'exports no graph owl; it exports: parrot'],
  [
    'an objective that nothing meets',
    () => [AGENT, '--profiles', profiles(), '--objective', 'p95=100ms'],
    'the objective p95=100ms cannot be met: at light load runs take ',
  ],
])('%s is a mistake that is explained', async (_, args, message) => {
  await expect(slo(args())).rejects.toThrow(message);
});
