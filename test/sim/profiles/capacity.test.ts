import * as fc from 'fast-check';
import { capacityOf, concurrencyWithin } from '../../../sim/profiles/capacity';
import { Batch } from '../../../sim/serving/batch';
import type { CopyProfile, Work } from '../../../sim/serving/copy-profile';

const PROFILE: CopyProfile = {
  stepSeconds: { base: 0.02, perPromptToken: 1e-4, perSequence: 1e-3, perContextToken: 1e-7 },
  maxSequences: 64,
  maxStepTokens: 512,
  kvCacheTokens: 50_000,
};

/** Requests per second of a batch in which a new request takes the place of each that ends. */
function measuredRps(profile: CopyProfile, work: Work, concurrency: number, spacingUs: number): number {
  const batch = new Batch(profile);
  let done = 0;
  const advance = (toUs: number) => {
    for (const { kind } of batch.advance(toUs)) {
      if (kind !== 'done') continue;
      done += 1;
      batch.add(work);
    }
  };
  const runUntil = (untilUs: number) => {
    while (batch.nextEventAtUs <= untilUs) advance(batch.nextEventAtUs);
    advance(untilUs);
  };
  for (let i = 0; i < concurrency; i++) {
    runUntil(Math.round(i * spacingUs));
    batch.add(work);
  }
  const warmUs = Math.round(4 * concurrency * spacingUs);
  const endUs = warmUs + Math.round(Math.max(100, 4 * concurrency) * spacingUs);
  runUntil(warmUs);
  const before = done;
  runUntil(endUs);
  return (done - before) / ((endUs - warmUs) / 1e6);
}

const work = fc.record({
  promptTokens: fc.integer({ min: 1, max: 3000 }),
  outputTokens: fc.integer({ min: 1, max: 300 }),
});

test('throughput is what the batch itself reaches, for short and long prompts and any number of requests', () => {
  fc.assert(
    fc.property(work, fc.double({ min: 0, max: 1, noNaN: true }), (tokens, share) => {
      const { points } = capacityOf(PROFILE, tokens);
      const { concurrency, throughputRps } = points[Math.floor(share * (points.length - 1))]!;
      const measured = measuredRps(PROFILE, tokens, concurrency, 1e6 / throughputRps);
      expect(Math.abs(measured / throughputRps - 1)).toBeLessThan(0.06);
    }),
    { numRuns: 40 },
  );
});

test('more requests at once bring more throughput and longer latencies, and Little holds', () => {
  fc.assert(
    fc.property(work, (tokens) => {
      const { points, maxRateRps, kneeConcurrency } = capacityOf(PROFILE, tokens);
      for (const [i, { concurrency, throughputRps, latencyMs }] of points.entries()) {
        expect(concurrency).toBe(i + 1);
        expect((throughputRps * latencyMs) / 1000).toBeCloseTo(concurrency, 6);
        expect(throughputRps).toBeGreaterThanOrEqual(points[i - 1]?.throughputRps ?? 0);
        expect(latencyMs).toBeGreaterThan(points[i - 1]?.latencyMs ?? 0);
      }
      expect(maxRateRps).toBe(points.at(-1)!.throughputRps);
      expect(kneeConcurrency).toBeGreaterThanOrEqual(1);
      expect(kneeConcurrency).toBeLessThanOrEqual(points.length);
    }),
    { numRuns: 30 },
  );
});

test('one request alone takes a step for its prompt and one for each further token', () => {
  const { points } = capacityOf(PROFILE, { promptTokens: 100, outputTokens: 11 });
  // Prompt 20 + 10 ms; ten tokens of 20 + 1 + 0.01055 ms.
  expect(points[0]!.latencyMs).toBeCloseTo(30 + 10 * 21.010_55, 6);
});

test('a batch ends at its places or its cache, and always takes one request', () => {
  expect(capacityOf(PROFILE, { promptTokens: 10, outputTokens: 10 }).points).toHaveLength(64);
  expect(capacityOf(PROFILE, { promptTokens: 950, outputTokens: 100 }).points).toHaveLength(50);
  expect(capacityOf(PROFILE, { promptTokens: 90_000, outputTokens: 10 }).points).toHaveLength(1);
});

test('the knee is where another request brings a tenth of the first', () => {
  const { points, kneeConcurrency } = capacityOf(PROFILE, { promptTokens: 500, outputTokens: 50 });
  const gain = (concurrency: number) =>
    points[concurrency - 1]!.throughputRps - (points[concurrency - 2]?.throughputRps ?? 0);
  expect(kneeConcurrency).toBeGreaterThan(1);
  expect(kneeConcurrency).toBeLessThan(64);
  expect(gain(kneeConcurrency)).toBeGreaterThanOrEqual(0.1 * gain(1));
  expect(gain(kneeConcurrency + 1)).toBeLessThan(0.1 * gain(1));
});

test('the most requests whose mean latency stays within a limit', () => {
  const capacity = capacityOf(PROFILE, { promptTokens: 500, outputTokens: 50 });
  const tenth = capacity.points[9]!.latencyMs;
  expect(concurrencyWithin(capacity, tenth)).toBe(10);
  expect(concurrencyWithin(capacity, tenth - 1)).toBe(9);
  expect(concurrencyWithin(capacity, 1)).toBe(0);
  expect(concurrencyWithin(capacity, Infinity)).toBe(64);
});

test('work of less than a token is refused', () => {
  expect(() => capacityOf(PROFILE, { promptTokens: 0.5, outputTokens: 1 })).toThrow('work must have at least 1 prompt');
});
