import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { ExperimentResult } from '../../sim/experiment/result';
import type { Scenario } from '../../sim/experiment/scenario';
import { tiny } from '../sim/experiment/tiny-scenario';
import { Compound, compound, killAll } from './compound';

/** Two processes on two cores take seconds on a quiet machine, but machines are not always quiet. */
jest.setTimeout(60_000);

/** One model, and no more than an hour of it. */
const scenario: Scenario = {
  ...tiny,
  trainingDays: 0.02,
  agent: { ...tiny.agent, nodes: [{ id: 'answer', needs: [], component: 'writer' }] },
  world: { ...tiny.world, components: { writer: tiny.world.components.writer! } },
  workload: { ...tiny.workload, days: 0.04, spikes: [{ startHours: 0.6, durationMinutes: 10, factor: 3 }] },
};

let folder: string;
let path: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'simulate-'));
  path = write('small.json', JSON.stringify(scenario));
});

afterAll(() => {
  killAll();
  rmSync(folder, { recursive: true });
});

function write(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

/** Where finished runs are kept, a line for each. */
function runsFile(out: string): string | undefined {
  const name = readdirSync(out).find((each) => /^runs-[0-9a-f]{16}\.jsonl$/.test(each));
  return name && join(out, name);
}

const linesOf = (file: string) => readFileSync(file, 'utf8').split('\n').slice(0, -1);

/** Of runs, and not of fleets that were sized or targets that were trained for them. */
const runLinesOf = (file: string) => linesOf(file).filter((line) => line.startsWith('{"task":{"kind":"cell"'));

describe('an experiment', () => {
  let out: string;
  let first: string;
  const run = () => compound('simulate', path, '--seeds', '1', '--out', out, '--json');

  beforeAll(async () => {
    out = join(folder, 'out');
    const { code, stdout, stderr } = await run();
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.stringMatching(/^wrote \S+report\.html, \S+report\.md /),
    });
    first = stdout;
  });

  test('prints rows of every cell and a summary as JSON, and nothing else', () => {
    const { rows, summary }: { rows: object[]; summary: Record<string, unknown> } = JSON.parse(first);
    const numbers = ['p50Ms', 'p95Ms', 'p99Ms', 'costUsd', 'throughputRps', 'coldShare', 'errors'];
    for (const row of rows) {
      expect(row).toMatchObject({ cell: expect.any(String), seed: 1 });
      for (const field of numbers) expect(row).toHaveProperty(field, expect.any(Number));
    }
    const cells = rows.map((row) => (row as { cell: string }).cell);
    expect(new Set(cells).size).toBe(cells.length);
    expect(cells).toEqual(
      expect.arrayContaining(['modular', 'static@best', 'static@isocost', 'tracking@trained', 'hpa', 'oracle']),
    );
    expect(Object.keys(summary)).toEqual(['scenario', 'objective', 'cells', 'comparisons', 'bounds', 'conditions']);
  });

  test('writes a report without any network, a summary in Markdown, and all of it as JSON', () => {
    const html = readFileSync(join(out, 'report.html'), 'utf8');
    expect(html).toMatch(/^<!doctype html>/i);
    expect(html).not.toMatch(/<(script|link|img|iframe)[^>]+(src|href)="?https?:/);
    expect(readFileSync(join(out, 'report.md'), 'utf8')).toMatch(/^## tiny\n/);
    const result: ExperimentResult = JSON.parse(readFileSync(join(out, 'result.json'), 'utf8'));
    expect(result.scenario.name).toBe('tiny');
    expect(result.rows).toEqual(JSON.parse(first).rows);
    expect(result.madeBy.command).toContain('npx compound simulate');
  });

  test('started again it runs nothing, says so, and prints the same; what was lost it runs once more', async () => {
    const file = runsFile(out)!;
    const lines = linesOf(file);
    const runs = runLinesOf(file).length;
    const again = await run();
    const prepared = '8 of 8 fleets and targets are there from an earlier start\n';
    expect(again.stderr).toContain(`${prepared}${runs} of ${runs} runs are there from an earlier start\n`);
    expect(again.stdout).toBe(first);
    expect(linesOf(file)).toEqual(lines);

    // The last line was cut off in the middle, and one before it is gone.
    writeFileSync(file, `${lines.slice(0, -2).join('\n')}\n${lines.at(-1)!.slice(0, 40)}\n`);
    const repaired = await run();
    expect(repaired.stderr).toContain(`${runs - 2} of ${runs} runs are there from an earlier start\n`);
    expect(repaired.stdout).toBe(first);
    expect(new Set(linesOf(file))).toEqual(new Set([...lines, lines.at(-1)!.slice(0, 40)]));
  });
});

/** Settles when the first line is kept, in the midst of the others. */
async function firstLine(started: Compound, out: string, linesIn: (file: string) => string[]): Promise<void> {
  const ended = started.ended.then(() => true);
  while (!(await Promise.race([ended, setTimeout(20)]))) {
    const file = existsSync(out) && runsFile(out);
    if (file && linesIn(file).length > 0) return;
  }
}

test('Ctrl-C keeps finished runs, tells how many, and ends with the code of an interrupt, without a report', async () => {
  const out = join(folder, 'interrupted');
  const started = new Compound(['simulate', path, '--seeds', '50', '--out', out]);
  await firstLine(started, out, runLinesOf);
  const { code, stderr } = await started.kill('SIGINT');
  const [, kept, all] = /^interrupted: (\d+) of (\d+) runs are kept; the same command goes on with the rest$/m.exec(
    stderr,
  )!;
  expect(code).toBe(130);
  expect(runLinesOf(runsFile(out)!)).toHaveLength(Number(kept));
  expect(Number(kept)).toBeLessThan(Number(all));
  expect(readdirSync(out)).not.toContain('report.html');
});

test('Ctrl-C while fleets are sized keeps those that are, too', async () => {
  const out = join(folder, 'interrupted-early');
  const started = new Compound(['simulate', 'support', '--out', out]);
  await firstLine(started, out, linesOf);
  const { code, stderr } = await started.kill('SIGINT');
  expect({ code, stderr }).toEqual({
    code: 130,
    stderr: expect.stringMatching(
      /^interrupted: [1-8] of 8 fleets and targets are kept; the same command goes on with the rest$/m,
    ),
  });
});

test('if the command is killed, its workers end without a word', async () => {
  const out = join(folder, 'killed');
  const started = new Compound(['simulate', path, '--seeds', '50', '--out', out]);
  await firstLine(started, out, runLinesOf);
  const before = started.stderr;
  // The pipes close only when the workers have ended too.
  const { code, stderr } = await started.kill('SIGKILL');
  expect({ code, stderr: stderr.slice(before.length) }).toEqual({ code: null, stderr: '' });
});

describe('failures', () => {
  const broken = { ...scenario, trainingDays: 1, objective: { p95Ms: 0 } };

  test.each<[what: string, args: () => string[], exitCode: number, message: string]>([
    ['unknown scenario', () => ['none'], 2, 'there is no scenario none: name a JSON file, or one of support'],
    ['two scenarios', () => [path, path], 2, 'name one scenario: compound simulate support'],
    ['two extents', () => ['--quick', '--full'], 2, '--quick and --full exclude each other'],
    ['no seeds', () => [path, '--seeds', '0'], 2, '--seeds must be a whole number from 1, got: 0'],
    ['broken JSON', () => [write('broken.json', '{"name": ')], 1, 'broken.json is no JSON: '],
    [
      'faults',
      () => [write('faults.json', JSON.stringify(broken))],
      1,
      'faults.json:\n  - scenario.objective.p95Ms must be a number above 0, got: 0\n',
    ],
    [
      'an objective that no fleet meets',
      () => [
        write('fast.json', JSON.stringify({ ...scenario, objective: { p95Ms: 1 } })),
        '--out',
        join(folder, 'fast'),
      ],
      1,
      'no static fleet meets 1 ms at ',
    ],
  ])('%s', async (_, args, exitCode, message) => {
    const { code, stdout, stderr } = await compound('simulate', ...args());
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/^compound: /);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect({ code, stdout }).toEqual({ code: exitCode, stdout: '' });
  });
});
