import fc from 'fast-check';
import { leastCopySeconds } from '../../../sim/bounds/copy-seconds';
import { capacityOf } from '../../../sim/profiles/capacity';
import { Batch } from '../../../sim/serving/batch';
import type { CopyProfile, Work } from '../../../sim/serving/copy-profile';

const copy: CopyProfile = {
  stepSeconds: { base: 0.02, perPromptToken: 1e-4, perSequence: 1e-4, perContextToken: 2e-7 },
  maxSequences: 16,
  maxStepTokens: 512,
  kvCacheTokens: 20_000,
};

/** How long one copy is at work on calls that all come at once. */
function busySeconds(profile: CopyProfile, works: readonly Work[]): number {
  const batch = new Batch(profile);
  for (const work of works) batch.add(work);
  let endUs = 0;
  while (batch.nextEventAtUs < Infinity) {
    endUs = batch.nextEventAtUs;
    batch.advance(endUs);
  }
  return endUs / 1e6;
}

const works = fc.array(
  fc.record({ promptTokens: fc.integer({ min: 1, max: 3000 }), outputTokens: fc.integer({ min: 1, max: 400 }) }),
  { minLength: 1, maxLength: 60 },
);

test('no copy does any work in less time', () => {
  fc.assert(
    fc.property(works, fc.constantFrom(1, 4, 16), (list, maxSequences) => {
      const profile = { ...copy, maxSequences };
      const least = list.reduce((sum, work) => sum + leastCopySeconds({ copy: profile }, work), 0);
      expect(least).toBeLessThanOrEqual(busySeconds(profile, list) + 1e-9);
    }),
  );
});

test('a full batch comes near to it, and its rate is never above', () => {
  const work = { promptTokens: 300, outputTokens: 200 };
  const least = leastCopySeconds({ copy }, work);
  const { maxRateRps } = capacityOf(copy, work);
  expect(maxRateRps).toBeLessThanOrEqual(1 / least);
  expect(maxRateRps).toBeGreaterThan(0.9 / least);
});

test('a copy that takes fewer calls than its batch has places needs more time for each', () => {
  const work = { promptTokens: 300, outputTokens: 200 };
  expect(leastCopySeconds({ copy, maxConcurrencyPerCopy: 4 }, work)).toBeGreaterThan(leastCopySeconds({ copy }, work));
});
