import type { EngineLimits } from '../../../sim/profiles/fit';
import { fitWarnings } from '../../../sim/profiles/fit-warnings';
import type { ReplayErrors } from '../../../sim/profiles/latency-errors';
import type { ServedRequest } from '../../../sim/profiles/replay';

const LIMITS: EngineLimits = { maxSequences: 16, maxStepTokens: 1024, kvCacheTokens: 1000 };
const NONE = { mape: 0.01, p50: 0, p95: 0, p99: 0 };
const GOOD: ReplayErrors = { requests: 10, endToEnd: NONE, firstToken: NONE };

/** For each size, ten seconds in which so many requests of 100 tokens of context decode. */
function logOf(sizes: readonly number[]): ServedRequest[] {
  return sizes.flatMap((size, i) =>
    Array.from({ length: size }, () => ({
      arrivalMs: 10_000 * i,
      firstTokenMs: 1,
      doneMs: 10_001,
      promptTokens: 80,
      outputTokens: 40,
    })),
  );
}

const warningsOf = (sizes: readonly number[], limits = LIMITS, heldBack = GOOD) =>
  fitWarnings(logOf(sizes), Infinity, limits, heldBack);

test('a log of several loads that fills the cache needs none', () => {
  expect(warningsOf([1, 4, 12])).toEqual([]);
});

test('fewer than three levels', () => {
  expect(warningsOf([1, 12, 1, 12])).toEqual([
    'fewer than three concurrency levels were seen (1, 8 to 15 sequences): the constants hold near these levels only; ' +
      'log the copy at low, medium and high load',
  ]);
});

test('a batch of one size', () => {
  expect(warningsOf([1, 4, 12, 12, 12, 12])).toEqual([
    'the batch hardly varied: 67 % of the time it was within 10 % of 12 sequences, so base, perSequence and ' +
      'perContextToken cannot be told apart; log the copy at other loads too',
  ]);
});

test('more sequences at once than the engine is said to take', () => {
  expect(warningsOf([1, 4, 18])).toEqual([
    '18 sequences decoded at once, more than maxSequences 16 allows; give the limit that the engine ran with, and one ' +
      'copy to a log',
  ]);
});

test('a cache whose size is not known', () => {
  expect(warningsOf([1, 4, 12], { ...LIMITS, kvCacheTokens: Infinity })).toEqual([
    'kvCacheTokens is not known, so copies never wait for cache; the log held up to 1200 tokens; give the size that the ' +
      'engine printed at its start',
  ]);
});

test('a cache that was never full', () => {
  expect(warningsOf([1, 4, 9])).toEqual([
    'the KV cache was never full (900 of 1000 tokens): how the copy waits for cache is untested; log it with longer ' +
      'prompts',
  ]);
});

test('a profile that misses what it has not seen', () => {
  const poor = { ...GOOD, endToEnd: { ...NONE, mape: 0.345 } };
  expect(warningsOf([1, 4, 12], LIMITS, poor)).toEqual([
    'requests of the held-back half are missed by 35 % on average: do not use this profile; check maxSequences, ' +
      'maxStepTokens and that one copy served the whole log (largest batch: 12)',
  ]);
});

test('what comes after the training half does not count', () => {
  const warnings = fitWarnings(logOf([1, 1, 12, 4]), 20_001, LIMITS, GOOD);
  expect(warnings[0]).toContain('fewer than three concurrency levels were seen (1 sequences)');
});
