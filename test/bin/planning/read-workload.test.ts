import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { readWorkload } from '../../../bin/planning/read-workload';
import { workloadOptions } from '../../../bin/planning/workload-options';
import { UsageError } from '../../../bin/usage';
import { gapVariation } from '../../../sim/workload/describe';
import type { RequestList } from '../../../sim/workload/request-list';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'workload-'));
});

afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const AS_IT_IS = { skipBad: false };

/** Bursts of twenty requests, one minute apart, for an hour and forty minutes. */
const BURSTS = [
  'arrivalMs,promptTokens,outputTokens',
  ...Array.from({ length: 2000 }, (_, i) => `${Math.floor(i / 20) * 60_000 + (i % 20) * 50},${100 + (i % 50)},20`),
].join('\n');

async function requestsOf(...args: Parameters<typeof readWorkload>): Promise<RequestList> {
  const { workload } = await readWorkload(...args);
  if (workload.kind !== 'trace') throw new Error(`a ${workload.kind} workload has no requests`);
  return workload.requests;
}

test('a packed trace is read as the trace itself', async () => {
  const [plain, packed] = await Promise.all(
    [write('bursts.csv', BURSTS), write('bursts.csv.gz', gzipSync(BURSTS))].map((path) => requestsOf(path, AS_IT_IS)),
  );
  expect(plain!.count).toBe(2000);
  expect(packed).toEqual(plain);
});

test('a trace is scaled to a rate and keeps its length and its bursts', async () => {
  const path = write('bursts.csv', BURSTS);
  const { notes } = await readWorkload(path, { ...AS_IT_IS, ratePerSecond: 1 });
  const [recorded, scaled] = await Promise.all([
    requestsOf(path, AS_IT_IS),
    requestsOf(path, { ...AS_IT_IS, ratePerSecond: 1 }),
  ]);
  expect(notes).toEqual(['scaled from 0.337 to 1 requests per second']);
  expect(scaled.durationUs).toBe(recorded.durationUs);
  expect(scaled.count / (scaled.durationUs / 1e6)).toBeCloseTo(1, 0);
  const cvs = [recorded, scaled].map((requests) => gapVariation(requests.arrivalUs)!);
  expect(cvs[0]).toBeGreaterThan(3);
  expect(cvs[1]! / cvs[0]!).toBeGreaterThan(0.75);
  expect(cvs[1]! / cvs[0]!).toBeLessThan(1.25);
});

test('a synthetic workload takes the rate for its own', async () => {
  const model = { days: 1, meanRatePerSecond: 0.5, promptTokens: 100, outputTokens: 10 };
  const path = write('load.json', JSON.stringify(model));
  expect((await readWorkload(path, { ...AS_IT_IS, ratePerSecond: 2 })).workload).toEqual({
    kind: 'synthetic',
    model: { ...model, meanRatePerSecond: 2 },
  });
});

const TABLES = {
  'rates.csv': 'model,t,rate_rps\nsmall,0,300\nsmall,600,900\nlarge,0,5',
  'lengths.csv': 'model,t6h,field,q0.5,q0.9\nsmall,0,input_tokens,100,200\nsmall,0,output_tokens,10,20',
  'clients.csv.gz': 'model,client,t,rate,dist,p1\nsmall,0,0,300,Gamma,1\nsmall,0,600,900,Gamma,1',
};

function tables(name: string, files: readonly (keyof typeof TABLES)[]): string {
  mkdirSync(join(folder, name), { recursive: true });
  for (const file of files) write(join(name, file), file.endsWith('.gz') ? gzipSync(TABLES[file]) : TABLES[file]);
  return join(folder, name);
}

const OF_SMALL = { ...AS_IT_IS, model: 'small', ratePerSecond: 2 };

test.each<[string, (keyof typeof TABLES)[]]>([
  ['with clients', ['rates.csv', 'lengths.csv', 'clients.csv.gz']],
  ['without clients', ['rates.csv', 'lengths.csv']],
])('the tables of ServeGen in a folder are told apart by their columns, %s', async (name, files) => {
  const requests = await requestsOf(tables(name, files), OF_SMALL);
  expect(requests.durationUs).toBe(1200e6);
  const early = requests.arrivalUs.filter((us) => us < 600e6).length;
  expect(requests.count / 1200).toBeCloseTo(2, 0);
  expect(early / requests.count).toBeCloseTo(0.25, 1);
});

test.each<[string, () => [string, Parameters<typeof readWorkload>[1]], string]>([
  ['a rate of nothing', () => [write('b.csv', BURSTS), { ...AS_IT_IS, ratePerSecond: 1e-9 }], '--rate does not suit'],
  [
    'a model of a trace',
    () => [write('b.csv', BURSTS), { ...AS_IT_IS, model: 'small' }],
    '--model is for folders with tables',
  ],
  [
    'a folder of nothing',
    () => [tables('none', []), OF_SMALL],
    'has no table of ServeGen with rates (model, t, rate_rps), nor',
  ],
  ['a table alone', () => [join(tables('t', ['rates.csv']), 'rates.csv'), AS_IT_IS], 'name their folder'],
  ['no model', () => [tables('m', ['rates.csv', 'lengths.csv']), AS_IT_IS], '--model is missing'],
  ['no rate', () => [tables('m', ['rates.csv', 'lengths.csv']), { ...AS_IT_IS, model: 'small' }], '--rate is missing'],
  [
    'too high a rate',
    () => [tables('m', ['rates.csv', 'lengths.csv']), { ...OF_SMALL, ratePerSecond: 1e9 }],
    '--rate does not suit the workload: meanRatePerSecond gives 1200000000000 requests of small',
  ],
])('%s is refused', async (_, args, message) => {
  const fault = await readWorkload(...args()).catch((error: unknown) => error);
  expect(fault).toBeInstanceOf(UsageError);
  expect((fault as UsageError).message).toContain(message);
});

test.each(['0', '-1', 'fast', ''])('a rate of %j is refused', (rate) => {
  expect(() => workloadOptions({ rate, 'skip-bad': false })).toThrow(
    `--rate must be a number of requests per second above 0, got: ${rate}`,
  );
});

test('skipped lines are told, with the first of them', async () => {
  const path = write('bad.csv', 'arrivalMs,promptTokens,outputTokens\n0,1,1\n1e9,1,1\n5,1,x\n6,1,1\n7,1,1');
  expect((await readWorkload(path, { skipBad: true })).notes).toEqual([
    'skipped bad lines: 2, of which out of order: 1; the first: line 4: outputTokens must be a whole number from 1, got: "x"',
  ]);
});
