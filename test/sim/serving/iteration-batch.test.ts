import * as fc from 'fast-check';
import { replay } from '../../../sim/profiles/replay';
import type { CopyProfile, Work } from '../../../sim/serving/copy-profile';
import { IterationBatch, type IterationEvent, type IterationSequence } from '../../../sim/serving/iteration-batch';
import { quantile } from '../../../sim/statistics/quantile';
import { drawAt } from '../../../sim/workload/draw';

/** Round numbers: 10 ms a step, 1 ms per 10 prompt tokens, 1 ms per sequence, 1 ms per 1000 tokens of context. */
const PLAIN: CopyProfile = {
  stepSeconds: { base: 0.01, perPromptToken: 1e-4, perSequence: 1e-3, perContextToken: 1e-6 },
  maxSequences: 4,
  maxStepTokens: 100,
  kvCacheTokens: Infinity,
};

function runToEnd(batch: IterationBatch): IterationEvent[] {
  const events: IterationEvent[] = [];
  while (batch.size > 0) events.push(...batch.advance(batch.nextEventAtUs));
  return events;
}

const timesOf = (events: readonly IterationEvent[], of: IterationSequence) =>
  Object.fromEntries(events.filter(({ sequence }) => sequence === of).map(({ kind, atUs }) => [kind, atUs]));

test('a prompt takes as many steps as it fills, and each further token one with its context so far', () => {
  const batch = new IterationBatch(PLAIN);
  const request = batch.add({ promptTokens: 150, outputTokens: 3 });
  // Prompt: 10 + 10 ms, then 10 + 5 ms. Tokens: 10 + 1 + 0.150 ms, then 10 + 1 + 0.151 ms.
  expect(timesOf(runToEnd(batch), request)).toEqual({ 'first-token': 35_000, done: 57_301 });
});

test('a step decodes first, then goes on with the prompt under way, then admits in order of arrival', () => {
  const batch = new IterationBatch(PLAIN);
  const first = batch.add({ promptTokens: 20, outputTokens: 3 });
  const second = batch.add({ promptTokens: 120, outputTokens: 1 });
  const third = batch.add({ promptTokens: 30, outputTokens: 1 });
  const events = runToEnd(batch);
  // Steps of 100 prompt tokens, of 1 decoded and 70 prompt tokens, and of 1 decoded.
  expect(timesOf(events, first)).toEqual({ 'first-token': 20_000, done: 20_000 + 18_020 + 11_021 });
  expect(timesOf(events, second)).toEqual({ 'first-token': 38_020, done: 38_020 });
  expect(timesOf(events, third)).toEqual({ 'first-token': 38_020, done: 38_020 });
});

test('a request that comes during a step waits for the next', () => {
  const batch = new IterationBatch(PLAIN);
  batch.add({ promptTokens: 50, outputTokens: 2 });
  expect(batch.advance(1)).toEqual([]);
  const late = batch.add({ promptTokens: 10, outputTokens: 1 });
  // The step under way takes 15 ms, the next 10 + 1 + 1 + 0.05 ms.
  expect(timesOf(runToEnd(batch), late)).toEqual({ 'first-token': 27_050, done: 27_050 });
});

test('no more sequences run than the engine allows', () => {
  const batch = new IterationBatch({ ...PLAIN, maxSequences: 1 });
  const sequences = [1, 2, 3].map(() => batch.add({ promptTokens: 10, outputTokens: 2 }));
  const events = runToEnd(batch);
  expect(events.map(({ sequence }) => sequences.indexOf(sequence))).toEqual([0, 0, 1, 1, 2, 2]);
});

test('over its cache the batch sends back the youngest sequence, which computes its context again', () => {
  const profile = { ...PLAIN, kvCacheTokens: 100 };
  const batch = new IterationBatch(profile);
  const older = batch.add({ promptTokens: 45, outputTokens: 20 });
  const younger = batch.add({ promptTokens: 45, outputTokens: 20 });
  const events = runToEnd(batch);

  const alone = new IterationBatch(profile);
  const lone = alone.add({ promptTokens: 45, outputTokens: 20 });
  const loneDoneUs = timesOf(runToEnd(alone), lone).done!;
  expect(timesOf(events, older).done).toBeLessThan(timesOf(events, younger).done!);
  expect(timesOf(events, younger).done).toBeGreaterThan(1.5 * loneDoneUs);
  // Its first token is out before it goes back, and counts once.
  expect(timesOf(events, younger)['first-token']).toBe(timesOf(events, older)['first-token']);
  expect(events).toHaveLength(4);
});

test('a sequence that exceeds the cache runs alone', () => {
  const batch = new IterationBatch({ ...PLAIN, kvCacheTokens: 100 });
  const huge = batch.add({ promptTokens: 500, outputTokens: 2 });
  const small = batch.add({ promptTokens: 5, outputTokens: 1 });
  const events = runToEnd(batch);
  expect(timesOf(events, small).done).toBeGreaterThan(timesOf(events, huge).done!);
});

test.each([
  { promptTokens: 0, outputTokens: 1 },
  { promptTokens: 1, outputTokens: 0.5 },
])('work of %j is refused', (work) => {
  expect(() => new IterationBatch(PLAIN).add(work)).toThrow('work must have whole numbers of tokens, at least 1 each');
});

test('an empty batch has nothing to do', () => {
  const batch = new IterationBatch(PLAIN);
  expect({ size: batch.size, nextEventAtUs: batch.nextEventAtUs }).toEqual({ size: 0, nextEventAtUs: Infinity });
  expect(batch.advance(1_000_000)).toEqual([]);
});

const work: fc.Arbitrary<Work> = fc.record({
  promptTokens: fc.integer({ min: 1, max: 1000 }),
  outputTokens: fc.integer({ min: 50, max: 400 }),
});
const arrivals = fc.array(fc.tuple(work, fc.integer({ min: 0, max: 800 })), { minLength: 20, maxLength: 40 });
const profiles: fc.Arbitrary<CopyProfile> = fc
  .tuple(
    fc.constantFrom(
      { base: 0.0126, perPromptToken: 4.06e-5, perSequence: 6.3e-5, perContextToken: 5.43e-8 },
      { base: 0.0211, perPromptToken: 1.64e-4, perSequence: 9.32e-5, perContextToken: 1.95e-7 },
    ),
    fc.constantFrom(8, 32, 128),
    fc.constantFrom(256, 2048),
  )
  .map(([stepSeconds, maxSequences, maxStepTokens]) => ({
    stepSeconds,
    maxSequences,
    maxStepTokens,
    kvCacheTokens: Infinity,
  }));

test('the fluid batch agrees with the steps: end-to-end P95 within 3 % on random loads', () => {
  fc.assert(
    fc.property(arrivals, profiles, (requests, profile) => {
      let arrivalMs = 0;
      const log = requests.map(([tokens, afterMs]) => {
        arrivalMs += afterMs;
        return { ...tokens, arrivalMs };
      });
      const p95 = (level: 'fluid' | 'iteration') =>
        quantile(
          replay(log, profile, level).map(({ doneMs }) => doneMs),
          0.95,
        );
      expect(Math.abs(p95('fluid') / p95('iteration') - 1)).toBeLessThan(0.03);
    }),
    { numRuns: 40 },
  );
});

test.each([5_000, 10_000, 20_000, 40_000])(
  'the fluid batch agrees with the steps where a cache of %i tokens is all that limits: within 1.5 %',
  (kvCacheTokens) => {
    const profile: CopyProfile = {
      stepSeconds: { base: 0.0126, perPromptToken: 4.06e-5, perSequence: 6.3e-5, perContextToken: 5.43e-8 },
      maxSequences: 128,
      maxStepTokens: 2048,
      kvCacheTokens,
    };
    const log = Array.from({ length: 1000 }, (_, at) => ({
      promptTokens: 20 + Math.floor(1000 * drawAt(1, at, 0, 0, 0)),
      outputTokens: 20 + Math.floor(400 * drawAt(1, at, 0, 0, 1)),
      arrivalMs: at * 30,
    }));
    const doneMs = (level: 'fluid' | 'iteration') => replay(log, profile, level).map((latencies) => latencies.doneMs);
    const endMs = (level: 'fluid' | 'iteration') => Math.max(...doneMs(level).map((ms, at) => ms + log[at]!.arrivalMs));
    const p95 = (level: 'fluid' | 'iteration') => quantile(doneMs(level), 0.95);
    expect(Math.abs(endMs('fluid') / endMs('iteration') - 1)).toBeLessThan(0.015);
    expect(Math.abs(p95('fluid') / p95('iteration') - 1)).toBeLessThan(0.015);
  },
);
