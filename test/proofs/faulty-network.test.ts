import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { FAULTS } from './support/faulty-network/faults';
import type { ProofFigures } from './support/faulty-network/proof';

const RUNS = 240;
const SEED = 1;

let folder: string;
let figures: ProofFigures;

/** In a process of its own: whatever is left of the runs, and nothing else, is left there. */
async function proveInProcess(): Promise<ProofFigures> {
  const outfile = join(folder, 'cell.cjs');
  const entry = join(__dirname, 'support/faulty-network/cell.ts');
  // The package itself is there as sources only.
  const conditions = ['source'];
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node24',
    conditions,
    logLevel: 'error',
  });
  const child = fork(outfile, [String(RUNS), String(SEED)]);
  return new Promise((resolve, reject) => {
    let answer: ProofFigures | undefined;
    child.once('message', (message) => {
      answer = message as ProofFigures;
    });
    child.once('error', reject);
    child.once('exit', (code) => (answer ? resolve(answer) : reject(new Error(`ended with code ${code}`))));
  });
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'faulty-network-'));
  figures = await proveInProcess();
});

afterAll(() => rmSync(folder, { recursive: true }));

const sum = (counts: Readonly<Record<string, number>>) => Object.values(counts).reduce((all, count) => all + count, 0);

test('on a network on which everything goes wrong, every run ends with a right answer or a typed error by its deadline, and leaves nothing', () => {
  expect(figures.breaches).toEqual([]);
  expect(
    Object.values(figures.outcomes)
      .map(sum)
      .reduce((all, count) => all + count),
  ).toBe(RUNS);
});

test('runs of every graph come through there, and others fail, from the engine and over HTTP', () => {
  const graphs = ['chat', 'fan-out', 'joined', 'planned', 'story'];
  const doorsOf = (name: string) => [`${name}, HTTP`, `${name}, engine`];
  expect(Object.keys(figures.outcomes).sort()).toEqual(graphs.flatMap(doorsOf));
  for (const name of graphs) {
    const outcomes = doorsOf(name).map((door) => figures.outcomes[door]!);
    for (const { right } of outcomes) expect(right).toBeGreaterThan(0);
    expect(outcomes.some((outcome) => sum(outcome) > outcome.right!)).toBe(true);
  }
});

test('every fault befalls requests there', () => {
  expect(Object.keys(figures.requests).sort()).toEqual(Object.keys(FAULTS).sort());
});

test('memory does not grow with the runs', () => {
  const [, second, ...later] = figures.heapMiB;
  expect(later.at(-1)! - second!).toBeLessThan(8);
});
