import * as fc from 'fast-check';
import { replay } from '../../../sim/profiles/replay';
import { Batch } from '../../../sim/serving/batch';
import type { CopyProfile, Prefix } from '../../../sim/serving/copy-profile';
import { PrefixCache } from '../../../sim/serving/prefix-cache';
import { quantile } from '../../../sim/statistics/quantile';
import { drawAt } from '../../../sim/workload/draw';

const PROFILE: CopyProfile = {
  stepSeconds: { base: 0.0126, perPromptToken: 4.06e-5, perSequence: 6.3e-5, perContextToken: 5.43e-8 },
  maxSequences: 128,
  maxStepTokens: 2048,
  kvCacheTokens: 500_000,
};

/** Calls of a system prompt each, some 4 s of load ahead of what the copy does at once. */
function calls(count: number, prefixes: number, prefixTokens: number, everyMs: number) {
  return Array.from({ length: count }, (_, at) => {
    const draw = (purpose: number) => drawAt(1, at, 0, 0, purpose);
    const own = 20 + Math.floor(400 * draw(0));
    const prefix: Prefix = { key: Math.floor(prefixes * draw(1)), tokens: prefixTokens };
    const outputTokens = 20 + Math.floor(200 * draw(2));
    return { promptTokens: prefixTokens + own, outputTokens, prefix, arrivalMs: at * everyMs * (0.5 + draw(3)) };
  }).sort((a, b) => a.arrivalMs - b.arrivalMs);
}

type Call = ReturnType<typeof calls>[number];
const doneMs = (requests: readonly Call[], profile = PROFILE, level: 'fluid' | 'iteration' = 'fluid') =>
  replay(requests, profile, level).map((latencies) => latencies.doneMs);
const withoutPrefix = (requests: readonly Call[]) =>
  requests.map((request) => ({ ...request, prefix: undefined }) as unknown as Call);
const ownPrefixes = (requests: readonly Call[]) =>
  requests.map((request, key) => ({ ...request, prefix: { ...request.prefix, key } }));

test('a prompt whose prefix is there takes what is left of it', () => {
  const batch = new Batch(PROFILE);
  const prefix = { key: 1, tokens: 1500 };
  const first = batch.add({ promptTokens: 1600, outputTokens: 2, prefix });
  while (batch.size > 0) batch.advance(batch.nextEventAtUs);
  const [warm, bare] = [batch.add({ promptTokens: 1600, outputTokens: 2, prefix }), new Batch(PROFILE)];
  const short = bare.add({ promptTokens: 100, outputTokens: 2 });
  while (batch.size > 0) batch.advance(batch.nextEventAtUs);
  while (bare.size > 0) bare.advance(bare.nextEventAtUs);
  expect(warm.firstTokenAtUs - warm.addedAtUs).toBe(short.firstTokenAtUs);
  expect(first.firstTokenAtUs - first.addedAtUs).toBeGreaterThan(3 * (warm.firstTokenAtUs - warm.addedAtUs));
});

test('without a hit a prefix changes nothing', () => {
  const requests = calls(60, 1, 300, 40);
  for (const [level, kvCacheTokens] of [
    ['fluid', 500_000],
    ['iteration', 500_000],
  ] as const) {
    const profile = { ...PROFILE, kvCacheTokens };
    expect(doneMs(ownPrefixes(requests), profile, level)).toEqual(doneMs(withoutPrefix(requests), profile, level));
  }
});

test('a sequence that was sent back finds its own prefix again', () => {
  const profile = { ...PROFILE, kvCacheTokens: 6000 };
  const requests = calls(60, 1, 300, 40);
  const last = (of: readonly Call[]) => Math.max(...doneMs(of, profile, 'iteration'));
  expect(last(ownPrefixes(requests))).toBeLessThanOrEqual(last(withoutPrefix(requests)));
});

test('the fluid and every step agree on P95 within 3 % where most calls hit', () => {
  for (const [prefixes, everyMs] of [
    [1, 60],
    [4, 60],
    [16, 90],
  ] as const) {
    const requests = calls(400, prefixes, 1200, everyMs);
    const p95 = (level: 'fluid' | 'iteration') => quantile(doneMs(requests, PROFILE, level), 0.95);
    expect(Math.abs(p95('fluid') / p95('iteration') - 1)).toBeLessThan(0.03);
  }
});

test('hits make calls faster, and the more prefixes a small cache must hold, the slower', () => {
  const profile = { ...PROFILE, kvCacheTokens: 20_000 };
  const mean = (prefixes: number) => {
    const times = doneMs(calls(300, prefixes, 3000, 120), profile);
    return times.reduce((sum, ms) => sum + ms, 0) / times.length;
  };
  const [one, few, many] = [mean(1), mean(4), mean(60)];
  expect(one).toBeLessThan(few);
  expect(few).toBeLessThan(0.8 * many);
});

test('what is in use stays, and of the rest the least recently used goes first', () => {
  const cache = new PrefixCache();
  const [a, b, c] = [1, 2, 3].map((key) => ({ key, tokens: 100 })) as [Prefix, Prefix, Prefix];
  for (const each of [a, b, c]) cache.use(each);
  for (const each of [b, c]) cache.release(each);
  cache.use(b);
  cache.release(b);
  expect(cache.usedTokensWith(undefined)).toBe(100);
  expect(cache.usedTokensWith(b)).toBe(200);
  cache.shrinkTo(200);
  expect([a, b, c].map((each) => cache.has(each))).toEqual([true, true, false]);
  cache.shrinkTo(0);
  expect([a, b, c].map((each) => cache.has(each))).toEqual([true, false, false]);
});

test('a batch that many use and leave gives back all that it held', () => {
  const take = fc.record({
    key: fc.nat(3),
    own: fc.integer({ min: 1, max: 80 }),
    output: fc.integer({ min: 2, max: 40 }),
    leaveMs: fc.nat(3000),
  });
  fc.assert(
    fc.property(fc.array(take, { minLength: 1, maxLength: 15 }), (taken) => {
      const batch = new Batch({ ...PROFILE, maxSequences: 4, kvCacheTokens: 900 });
      const open = taken.map(({ key, own, output, leaveMs }) => ({
        atUs: leaveMs * 1000,
        sequence: batch.add({ promptTokens: 200 + own, outputTokens: output, prefix: { key, tokens: 200 } }),
      }));
      for (const { atUs, sequence } of open.sort((a, b) => a.atUs - b.atUs)) {
        batch.advance(atUs);
        batch.remove(sequence);
      }
      // As many run at once as in one that is new.
      const profile = { ...PROFILE, maxSequences: 4, kvCacheTokens: 900 };
      const firstTokens = (of: Batch) => {
        of.advance(10e6);
        const sequences = [0, 1, 2, 3].map(() => of.add({ promptTokens: 215, outputTokens: 10 }));
        while (of.size > 0) of.advance(of.nextEventAtUs);
        return sequences.map(({ firstTokenAtUs }) => firstTokenAtUs);
      };
      expect(firstTokens(batch)).toEqual(firstTokens(new Batch(profile)));
    }),
    {
      numRuns: 40,
      // Leaves in the middle of its prompt, with a fraction of a token left of it.
      examples: [[[18, 7, 65].map((own, at) => ({ key: 0, own, output: 2, leaveMs: at < 2 ? 2 : 1 }))]],
    },
  );
});

test('a prefix as long as its prompt is refused', () => {
  expect(() => new Batch(PROFILE).add({ promptTokens: 10, outputTokens: 1, prefix: { key: 0, tokens: 10 } })).toThrow(
    'the prefix of a prompt must have at least 1 token and fewer than the 10 of the prompt, got: 10',
  );
});
