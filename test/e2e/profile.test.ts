import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomStream } from '../../sim/kernel/random';
import { llama8bOnRtxPro6000 } from '../../sim/profiles/library';
import { parseProfile } from '../../sim/profiles/profile-file';
import { replay } from '../../sim/profiles/replay';
import { compound, killAll } from './compound';

/** Each process takes half a second on a quiet machine, but machines are not always quiet. */
jest.setTimeout(30_000);

const HEADER = 'arrivalMs,promptTokens,outputTokens,firstTokenMs,doneMs';

let folder: string;
let log: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'profile-'));
  log = write('small.csv', logOf(40));
});

afterAll(() => {
  killAll();
  rmSync(folder, { recursive: true });
});

function write(name: string, lines: readonly string[]): string {
  const path = join(folder, name);
  writeFileSync(path, [HEADER, ...lines].join('\n'));
  return path;
}

/** What a copy logs of requests that come by tens, two every 100 ms, every five seconds. */
function logOf(count: number): string[] {
  const random = randomStream(1, 'log', 'requests');
  const requests = Array.from({ length: count }, (_, i) => ({
    arrivalMs: 5000 * Math.floor(i / 10) + 100 * (i % 5),
    promptTokens: Math.ceil(900 * random.uniform()),
    outputTokens: Math.ceil(200 * random.uniform()),
  })).sort((a, b) => a.arrivalMs - b.arrivalMs);
  return replay(requests, llama8bOnRtxPro6000.copy, 'fluid').map(({ firstTokenMs, doneMs }, i) => {
    const { arrivalMs, promptTokens, outputTokens } = requests[i]!;
    return [arrivalMs, promptTokens, outputTokens, firstTokenMs, doneMs].join(',');
  });
}

test('prints constants, errors and warnings as a table, and writes the profile', async () => {
  const out = join(folder, 'small.json');
  const { code, stdout, stderr } = await compound('profile', log, '--out', out, '--kv-cache-tokens', '530000');
  expect({ code, stderr }).toEqual({ code: 0, stderr: `wrote ${out}\n` });
  expect(stdout).toMatch(/^small: a step takes\n +[\d.]+ µs\n +[\d.]+ µs per prompt token\n/);
  expect(stdout).toMatch(/^held-back half, end to end +[+-]\d\.\d\d % +[+-]\d\.\d\d % +[+-]\d\.\d\d % +\d\.\d\d %$/m);
  expect(stdout).toMatch(/^warning: the KV cache was never full \(\d+ of 530000 tokens\)/m);
  expect(stdout).not.toContain('\u001b');

  const { name, copy, provenance } = parseProfile(readFileSync(out, 'utf8'), out);
  expect({ name, limits: [copy.maxSequences, copy.maxStepTokens, copy.kvCacheTokens] }).toEqual({
    name: 'small',
    limits: [128, 2048, 530_000],
  });
  expect(provenance).toMatchObject({
    source: 'small.csv, 40 requests',
    training: { requests: 20 },
    heldBack: { requests: 20 },
  });
});

test('prints the profile as JSON, and beside it how many bad lines were skipped', async () => {
  const path = write('bad.csv', [...logOf(40), '1,0,1,1,1', 'x']);
  const { code, stdout, stderr } = await compound('profile', path, '--json', '--skip-bad', '--max-sequences', '64');
  expect(code).toBe(0);
  expect(parseProfile(stdout, 'output').copy).toMatchObject({ maxSequences: 64, kvCacheTokens: Infinity });
  expect(stderr).toBe(
    `skipped bad lines: 2, the first: ${path}:42: promptTokens must be a whole number from 1, got: 0\n`,
  );
});

describe('failures', () => {
  test.each<[what: string, args: () => string[], exitCode: number, message: string]>([
    ['no log', () => [], 2, 'name one log: compound profile requests.csv'],
    ['no such file', () => [join(folder, 'none.csv')], 2, 'there is no file '],
    ['a folder', () => [folder], 2, ' is no file; name the log itself'],
    ['an empty log', () => [write('empty.csv', [])], 1, 'empty.csv has no requests'],
    ['a bad line', () => [write('broken.csv', ['1,2,3'])], 1, 'broken.csv:2: has 3 columns and the header 5'],
    [
      'too few requests',
      () => [write('few.csv', logOf(19))],
      1,
      'few.csv has 19 requests, and a fit needs at least 20; log more',
    ],
    ['a limit of 0', () => [log, '--max-sequences', '0'], 2, '--max-sequences must be a whole number from 1, got: 0'],
    [
      'limits at odds',
      () => [log, '--max-sequences', '64', '--max-step-tokens', '32'],
      2,
      '--max-step-tokens must be at least --max-sequences 64, got: 32',
    ],
    ['no place to write', () => [log, '--out', join(folder, 'no/p.json')], 1, 'cannot write '],
  ])('%s', async (_, args, exitCode, message) => {
    const { code, stderr } = await compound('profile', ...args());
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/^compound: /);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(code).toBe(exitCode);
  });
});
