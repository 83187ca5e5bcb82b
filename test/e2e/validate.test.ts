import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { validate } from '../../bin/commands/validate';
import { UsageError } from '../../bin/usage';
import { compareCopies, compareLatencies, type Side } from '../../bin/validation/compare';
import { disagreementsOf, type Validation } from '../../bin/validation/report';
import type { Scenario } from '../../sim/experiment/scenario';
import { importedModel8b, inferenceComponent8b, singleGpuFleet } from '../../sim/world/presets';
import { compound, killAll } from './compound';

/** Each process takes half a second on a quiet machine, but machines are not always quiet. */
jest.setTimeout(30_000);

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'validate-'));
});

afterAll(() => {
  killAll();
  rmSync(folder, { recursive: true });
});

/** Ten requests in half a minute: a map, a tool, a branch, a pure function, and a model on either hosting. */
const tiny: Scenario = {
  name: 'tiny',
  description: 'As small as can be',
  objective: { p95Ms: 10_000 },
  trainingDays: 1e-5,
  agent: {
    // Nearly half a minute of real time at the speeds below, so that a busy machine fails no run.
    timeoutMs: 500_000,
    nodes: [
      { id: 'look-up', needs: [], component: 'search', items: 3, concurrency: 2 },
      { id: 'draft', needs: ['look-up'], component: 'drafter', probability: 0.5, outputTokens: 20 },
      { id: 'merge', needs: ['look-up', 'draft'] },
      { id: 'write', needs: ['merge'], component: 'writer' },
    ],
  },
  world: {
    fleets: { gpu: singleGpuFleet },
    components: {
      search: { kind: 'tool', durationMs: { exponential: { mean: 500 } } },
      drafter: { ...importedModel8b, scaling: { ...importedModel8b.scaling, minCopies: 1, maxCopies: 1 } },
      writer: { ...inferenceComponent8b, scaling: { ...inferenceComponent8b.scaling, minCopies: 2, maxCopies: 2 } },
    },
  },
  workload: {
    days: 1 / 24,
    meanRatePerSecond: 1 / 3,
    promptTokens: 100,
    outputTokens: { lognormal: { p50: 200, p95: 500 } },
  },
};

function write(name: string, scenario: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof scenario === 'string' ? scenario : JSON.stringify(scenario));
  return path;
}

const run = (...args: string[]) => compound('validate', write('tiny.json', tiny), ...args);

test('runs an agent live and simulated, and finds that they agree', async () => {
  const { code, stdout, stderr } = await run('--requests', '10', '--speed', '20', '--tolerance', '80', '--json');
  expect({ code, stderr }).toEqual({
    code: 0,
    stderr: expect.stringMatching(/^requests: 10, live in about \d s at speed 20\n$/),
  });
  const { errors, copies, latencies, orchestration, disagreements } = JSON.parse(stdout) as Validation;
  expect({ errors, disagreements }).toEqual({ errors: { live: 0, simulated: 0, faults: {} }, disagreements: [] });
  expect(copies.map(({ component, of, mostLive, largest }) => [component, of, mostLive, largest])).toEqual([
    ['bedrock/drafter', 'inService', 1, 0],
    ['bedrock/drafter', 'desired', 1, 0],
    ['sagemaker/writer', 'inService', 2, 0],
    ['sagemaker/writer', 'desired', 2, 0],
  ]);
  expect(latencies.map(({ quantile }) => quantile)).toEqual([0.5, 0.95, 0.99]);
  expect(orchestration.callMs).toBeGreaterThan(0);
});

test('says what disagrees, and fails: nothing live is exact to a billionth', async () => {
  const { code, stdout } = await run('--requests', '2', '--speed', '30', '--tolerance', '1e-7');
  expect(stdout).toMatch(/^P95 +[\d.]+ s +[\d.]+ s +[+-]?[\d.]+ %$/m);
  expect(stdout).toMatch(/^disagrees: P95 is [+-]?[\d.]+ % apart, and the tolerance is 0.0 %$/m);
  expect(code).toBe(1);
});

test('tells on which time limit both sides run where the gateway of the local stack cannot wait as long', async () => {
  const patient = write('patient.json', { ...tiny, agent: { ...tiny.agent, timeoutMs: 900_000 } });
  const { stderr } = await compound('validate', patient, '--requests', '1', '--speed', '30', '--tolerance', '1000');
  expect(stderr).toContain('runs may take 840 s of the world, not 900 s, on both sides\n');
});

test('a failed request has an infinite latency, which takes part in the quantiles', () => {
  const [p50, p95] = compareLatencies(side([1, 2, Infinity]), side([1, 2, 4]));
  expect(p50).toEqual({ quantile: 0.5, liveMs: 2, simulatedMs: 2, difference: 0 });
  expect(p95!.difference).toBe(Infinity);
});

test('aligned, a change may come a little later on one side, but not a change that the other side lacks', () => {
  const compared = (live: number[], simulated: number[]) => {
    const { largest, largestAligned } = compareCopies(side([], live), side([], simulated), 2)[0]!;
    return { largest, largestAligned };
  };
  expect(compared([1, 1, 5, 5, 5, 5], [1, 1, 1, 1, 5, 5])).toEqual({ largest: 4, largestAligned: 0 });
  expect(compared([1, 1, 5, 5, 5, 5], [1, 1, 1, 1, 1, 5])).toEqual({ largest: 4, largestAligned: 4 });
  expect(compared([1, 1, 1, 1, 1, 1], [1, 1, 5, 1, 1, 1])).toEqual({ largest: 4, largestAligned: 4 });
  expect(compared([1, 1, 5, 1, 1, 1], [1, 1, 1, 1, 1, 1])).toEqual({ largest: 4, largestAligned: 4 });
});

test('a rare failure may fall on either side, and no more than that', () => {
  const found = { scenario: 'any', speed: 1, seed: 1, worldSeconds: 1, requests: 200, tolerance: 0.05 };
  const rest = {
    orchestration: { runMs: 1, callMs: 1 },
    latencies: compareLatencies(side([1]), side([1])),
    copies: [],
  };
  const failed = (live: number) => disagreementsOf({ ...found, ...rest, errors: { live, simulated: 0, faults: {} } });
  expect(failed(2)).toEqual([]);
  expect(failed(3)).toEqual(['3 requests failed live, and 0 simulated']);
});

function side(latencyMs: number[], copies: number[] = []): Side {
  const series = { component: 'writer', inService: copies, desired: copies };
  return { latencyMs: Float64Array.from(latencyMs), copies: [series] };
}

describe('failures', () => {
  test.each([
    [['one', 'two'], 'name one scenario: compound validate scenario.json'],
    [['--speed', '0'], '--speed must be a positive number, got: 0'],
    [['--requests', '1.5'], '--requests must be a whole number from 1, got: 1.5'],
    [['--tolerance', '-1'], "Option '--tolerance' argument is ambiguous"],
    [['--tolerance', 'tight'], '--tolerance must be a positive number, got: tight'],
    [['nowhere'], 'there is no scenario nowhere: name a JSON file, or one of '],
  ])('%j is a mistake in the command line: %s', async (args, message) => {
    const mistake = validate([...args]);
    await expect(mistake).rejects.toThrow(UsageError);
    await expect(mistake).rejects.toThrow(message);
  });

  test('a file is no scenario', async () => {
    await expect(validate([write('broken.json', '{')])).rejects.toThrow('broken.json is no JSON: ');
    const lone = { ...tiny, world: { ...tiny.world, fleets: {} } };
    await expect(validate([write('lone.json', lone)])).rejects.toThrow(
      'scenario.world.components.writer.fleet names gpu, which is none of ',
    );
  });

  test('a node has a name that no graph takes', async () => {
    const { agent } = tiny;
    const nodes = agent.nodes.map((node) => ({
      ...node,
      id: `${node.id}!`,
      needs: node.needs.map((need) => `${need}!`),
    }));
    const path = write('named.json', { ...tiny, agent: { ...agent, nodes } });
    await expect(validate([path, '--requests', '1'])).rejects.toThrow(
      'must be a name (a letter, then up to 63 letters',
    );
  });
});
