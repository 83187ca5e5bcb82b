import fc from 'fast-check';
import {
  type ArrivalEnvelope,
  type ArrivalSlot,
  NO_ENVELOPE,
  observeArrivals,
  usualArrivals,
  windowCounts,
} from '../../../core/scale/arrival-envelope';
import { type BurstObservation, guardBurst } from '../../../core/scale/burst-guard';

const MINUTE = 60_000;
const slotsOf = (counts: readonly number[], fromMs = 0): ArrivalSlot[] =>
  counts.map((count, i) => ({ startMs: fromMs + 10_000 * i, count }));

/** An hour and more of two to four arrivals in ten seconds. */
const usual = observeArrivals(NO_ENVELOPE, slotsOf(Array.from({ length: 400 }, (_, i) => 2 + (i % 3))));
const END = 4_000_000;

const calm: BurstObservation = {
  envelope: usual,
  recentConcurrencyPerCopy: [4, 4, 4, 4, 4, 4],
  meanServiceSeconds: 20,
  desiredCopies: 2,
};
const config = { target: 4, maxCopies: 20, extrapolateShortWindows: true };
const withArrivals = (counts: readonly number[], envelope: ArrivalEnvelope = usual): BurstObservation => ({
  ...calm,
  envelope: observeArrivals(envelope, slotsOf(counts, END)),
});

test('the envelope is the most that each window usually holds', () => {
  // 2, 3, 4 in turn; a window of 64 slots holds 190 to 194 of them; two digits, rounded up.
  expect(usualArrivals(usual)).toEqual([4, 7, 13, 25, 49, 97, 200]);
  expect(windowCounts([1, 2, 3, 4])).toEqual([4, 7, 10, undefined, undefined, undefined, undefined]);
});

test('large numbers of arrivals are known to two digits, rounded up', () => {
  const steady = (count: number) =>
    usualArrivals(observeArrivals(NO_ENVELOPE, slotsOf(Array<number>(400).fill(count))));
  expect(steady(99)).toEqual([99, 200, 400, 800, 1600, 3200, 6400]);
  expect(steady(1001)).toEqual([1100, 2100, 4100, 8100, 17_000, 33_000, 65_000]);
  expect(steady(0)).toEqual([0, 0, 0, 0, 0, 0, 0]);
});

test('less than an hour tells nothing about what is usual', () => {
  expect(usualArrivals(observeArrivals(NO_ENVELOPE, slotsOf(Array<number>(359).fill(1))))).toEqual(
    Array(7).fill(undefined),
  );
});

test('slots told twice, late or with an impossible count change nothing', () => {
  const wrong = [...slotsOf([9, 9, 9]), { startMs: END, count: NaN }, { startMs: END, count: -1 }];
  expect(observeArrivals(usual, wrong)).toBe(usual);
  const next = slotsOf([5, 6], END);
  expect(observeArrivals(usual, [...next, ...next])).toEqual(observeArrivals(usual, next));
});

test('slots without data between others had no arrivals, and a long gap starts anew', () => {
  const [first, , third] = slotsOf([1, 0, 5]);
  expect(observeArrivals(NO_ENVELOPE, [first!, third!]).recent).toEqual([1, 0, 5]);
  expect(observeArrivals(usual, slotsOf([7], END + 640_000)).recent).toEqual([7]);
});

test('the usual load starts no guard', () => {
  expect(guardBurst(undefined, calm, config, END)).toEqual({ state: undefined, actions: [], reasons: [] });
});

test('more arrivals than usual in any window ask for the copies of the densest', () => {
  // 30 arrivals in 10 s, 20 s of service each: 60 at once, at 4 a copy.
  const { actions, reasons } = guardBurst(undefined, withArrivals([30]), config, END);
  expect(actions).toEqual([{ copies: 15, untilMs: END + 10 * MINUTE }]);
  expect(reasons).toEqual(['burst: 30 arrivals in 10 s, usually at most 4; at least 15 copies for 10 min']);
});

test('windows shorter than a service time can be left out', () => {
  // 30 + 4 arrivals in 20 s are 34 at once.
  const { actions } = guardBurst(undefined, withArrivals([30]), { ...config, extrapolateShortWindows: false }, END);
  expect(actions).toEqual([{ copies: 8, untilMs: END + 10 * MINUTE }]);
});

test('twice the target concurrency for a minute is a burst, five samples of it are none', () => {
  const busy = { ...calm, desiredCopies: 1 };
  const { actions, reasons } = guardBurst(
    undefined,
    { ...busy, recentConcurrencyPerCopy: [8, 8, 8, 8, 8, 8] },
    config,
    END,
  );
  expect(actions).toEqual([{ copies: 2, untilMs: END + 10 * MINUTE }]);
  expect(reasons[0]).toContain('concurrency 8 per copy for a minute, target 4');
  expect(guardBurst(undefined, { ...busy, recentConcurrencyPerCopy: [9, 9, 9, 9, 9] }, config, END).actions).toEqual(
    [],
  );
});

test('a burst for which there are copies enough starts no guard', () => {
  const { state, actions } = guardBurst(undefined, { ...withArrivals([30]), desiredCopies: 15 }, config, END);
  expect({ state, actions }).toEqual({ state: undefined, actions: [] });
});

test('a guard ends after ten minutes', () => {
  const guard = { copies: 15, untilMs: END };
  expect(guardBurst(guard, calm, config, END - 1).state).toEqual(guard);
  expect(guardBurst(guard, calm, config, END).state).toBeUndefined();
});

test('a guard that is still needed is prolonged at half time, never lowered', () => {
  const guard = { copies: 15, untilMs: END + 5 * MINUTE };
  const burst = { ...withArrivals([30]), desiredCopies: 15 };
  expect(guardBurst(guard, burst, config, END)).toMatchObject({ state: guard, actions: [] });
  expect(guardBurst(guard, burst, config, END + 1).actions).toEqual([{ copies: 15, untilMs: END + 1 + 10 * MINUTE }]);
});

test('more arrivals never ask for fewer copies, nor for more than the maximum', () => {
  const counts = fc.integer({ min: 0, max: 500 });
  fc.assert(
    fc.property(counts, counts, (a, b) => {
      const copies = (count: number) =>
        guardBurst(undefined, { ...withArrivals([count]), desiredCopies: 0 }, config, END).state?.copies ?? 0;
      expect(copies(Math.min(a, b))).toBeLessThanOrEqual(copies(Math.max(a, b)));
      expect(copies(a)).toBeLessThanOrEqual(20);
    }),
  );
});

test('the envelope is small plain data after a day', () => {
  const day = observeArrivals(NO_ENVELOPE, slotsOf(Array.from({ length: 8640 }, (_, i) => (i * i) % 997)));
  expect(JSON.parse(JSON.stringify(day))).toEqual(day);
  expect(JSON.stringify(day).length).toBeLessThan(30_000);
});
