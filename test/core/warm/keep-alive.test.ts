import fc from 'fast-check';
import { HOUR_MS, MINUTE_MS } from '../../../core/time-units';
import { type KeepAliveCosts, keepAlivePlan, learnIdleTime, NO_KNOWLEDGE } from '../../../core/warm';
import { addIdleTime, IDLE_BINS, type IdleHistogram, idleBinEdgeMs } from '../../../core/warm/idle-histogram';
import { callChance, isWorthKeeping } from '../../../core/warm/keep-alive';

/** Keeping for 10 minutes costs as much as one cold start. */
const COSTS: KeepAliveCosts = { coldStartMs: MINUTE_MS, pricePerHourUsd: 1, delayPenaltyPerHourUsd: 10 };

function histogramOf(idleTimesMs: readonly number[], nowMs = 0): IdleHistogram | undefined {
  return idleTimesMs.reduce<IdleHistogram | undefined>((h, idleMs) => addIdleTime(h, idleMs, nowMs), undefined);
}

test.each([
  { name: 'nothing is known', idleTimesMs: [] },
  { name: 'too little is known', idleTimesMs: Array(9).fill(MINUTE_MS) },
  { name: 'most calls come after longer than the histogram holds', idleTimesMs: Array(20).fill(30 * 24 * HOUR_MS) },
])('while $name a component is kept until that has cost as much as a cold start', ({ idleTimesMs }) => {
  expect(keepAlivePlan(histogramOf(idleTimesMs), COSTS).windows).toEqual([{ fromMs: 0, toMs: 10 * MINUTE_MS }]);
});

test('a component that is always called soon is kept a tenth longer than nearly all of its idle times', () => {
  const idleTimesMs = Array.from({ length: 100 }, (_, i) => (i + 1) * 3_000);
  const { windows } = keepAlivePlan(histogramOf(idleTimesMs), COSTS);
  expect(windows).toHaveLength(1);
  expect(windows[0]!.toMs).toBeGreaterThanOrEqual(297_000);
  expect(windows[0]!.toMs).toBeLessThanOrEqual(1.2 * 300_000);
});

test('of a periodic job a component lets go at once, and is back a little before the next', () => {
  const { windows } = keepAlivePlan(histogramOf(Array(50).fill(12 * HOUR_MS)), {
    ...COSTS,
    delayPenaltyPerHourUsd: 100,
  });
  expect(windows).toHaveLength(2);
  expect(windows[0]).toEqual({ fromMs: 0, toMs: 0 });
  expect(windows[1]!.fromMs).toBeGreaterThan(9 * HOUR_MS);
  expect(windows[1]!.fromMs).toBeLessThan(12 * HOUR_MS);
  expect(windows[1]!.toMs).toBeGreaterThan(12 * HOUR_MS);
});

test('after a burst of calls and before the next day both are covered, and not the night between', () => {
  const idleTimesMs = [...Array(60).fill(MINUTE_MS), ...Array(40).fill(12 * HOUR_MS)];
  const { windows } = keepAlivePlan(histogramOf(idleTimesMs), { ...COSTS, delayPenaltyPerHourUsd: 300 });
  expect(windows).toHaveLength(2);
  expect(windows[0]!.toMs).toBeGreaterThan(MINUTE_MS);
  expect(windows[0]!.toMs).toBeLessThan(10 * MINUTE_MS);
  expect(windows[1]!.fromMs).toBeGreaterThan(9 * HOUR_MS);
});

const idleTimes = fc.array(fc.integer({ min: 0, max: 48 * HOUR_MS }), { minLength: 10, maxLength: 60 });
const costs = fc.record({
  coldStartMs: fc.integer({ min: 1_000, max: 600_000 }),
  pricePerHourUsd: fc.integer({ min: 1, max: 10 }),
  delayPenaltyPerHourUsd: fc.integer({ min: 1, max: 500 }),
  restartMs: fc.constantFrom(Infinity, 0, MINUTE_MS, HOUR_MS),
});

test('a pause is kept through only if that costs less than to start again', () => {
  const histogram = histogramOf([...Array(50).fill(MINUTE_MS), ...Array(50).fill(HOUR_MS)]);
  const given = { ...COSTS, delayPenaltyPerHourUsd: 200 };
  expect(keepAlivePlan(histogram, given).windows).toHaveLength(1);
  const { windows } = keepAlivePlan(histogram, { ...given, restartMs: 5 * MINUTE_MS });
  expect(windows).toHaveLength(2);
  expect(windows[0]!.toMs).toBeLessThan(3 * MINUTE_MS);
  expect(windows[1]!.fromMs).toBeGreaterThan(45 * MINUTE_MS);
  expect(windows[1]!.toMs).toBeGreaterThan(HOUR_MS);
});

test('the cheaper a restart, the less is kept', () => {
  fc.assert(
    fc.property(idleTimes, costs, fc.integer({ min: 0, max: HOUR_MS }), (idleTimesMs, given, restartMs) => {
      const histogram = histogramOf(idleTimesMs);
      const cheap = keepAlivePlan(histogram, { ...given, restartMs });
      const dear = keepAlivePlan(histogram, { ...given, restartMs: 2 * restartMs });
      for (const { fromMs, toMs } of cheap.windows) {
        const isCovered = dear.windows.some((window) => window.fromMs <= fromMs + 1e-6 && window.toMs >= toMs - 1e-6);
        expect(isCovered).toBe(true);
      }
    }),
    { numRuns: 300 },
  );
});

test('keeping is up to the bin where it costs least of all bins to stop at', () => {
  fc.assert(
    fc.property(idleTimes, costs, (idleTimesMs, drawn) => {
      const given = { ...drawn, restartMs: Number.POSITIVE_INFINITY };
      const histogram = histogramOf(idleTimesMs)!;
      const breakEvenMs = (given.delayPenaltyPerHourUsd * given.coldStartMs) / given.pricePerHourUsd;
      const stops = Array.from({ length: IDLE_BINS + 1 }, (_, stop) => costOfStoppingAt(histogram, stop, breakEvenMs));
      const { windows } = keepAlivePlan(histogram, given);
      const stop = stops.findIndex((_, bin) => idleBinEdgeMs(bin) >= windows[0]!.toMs - 1e-6);
      const best = Math.min(...stops);
      // The plan may stop inside the last bin, after the last idle time in it.
      expect(Math.min(stops[stop]!, stops[Math.max(0, stop - 1)]!)).toBeLessThanOrEqual(best + 1e-6 * Math.abs(best));
    }),
  );
});

/** In copy-milliseconds: being kept until the next call or the stop, and a cold start for each call after it. */
function costOfStoppingAt({ bins, beyond }: IdleHistogram, stop: number, breakEvenMs: number): number {
  return bins.reduce(
    (cost, weight, bin) => {
      const [fromMs, toMs] = [idleBinEdgeMs(bin), idleBinEdgeMs(bin + 1)];
      return cost + weight * (bin < stop ? (fromMs + toMs) / 2 : idleBinEdgeMs(stop) + breakEvenMs);
    },
    beyond * (idleBinEdgeMs(stop) + breakEvenMs),
  );
}

test('a dearer wait never lets go sooner', () => {
  fc.assert(
    fc.property(idleTimes, costs, fc.integer({ min: 1, max: 20 }), (idleTimesMs, given, factor) => {
      const histogram = histogramOf(idleTimesMs);
      const firstMs = (penalty: number) =>
        keepAlivePlan(histogram, { ...given, delayPenaltyPerHourUsd: penalty }).windows[0]!.toMs;
      const penalty = given.delayPenaltyPerHourUsd;
      expect(firstMs(penalty * factor)).toBeGreaterThanOrEqual(firstMs(penalty) - 1e-6);
    }),
  );
});

test('whenever a component is kept, it is kept for a dearer wait', () => {
  fc.assert(
    fc.property(idleTimes, costs, fc.integer({ min: 1, max: 20 }), (idleTimesMs, given, factor) => {
      const histogram = histogramOf(idleTimesMs);
      const { windows } = keepAlivePlan(histogram, given);
      const dearer = keepAlivePlan(histogram, {
        ...given,
        delayPenaltyPerHourUsd: factor * given.delayPenaltyPerHourUsd,
      });
      for (const { fromMs, toMs } of windows) {
        const isCovered = dearer.windows.some((window) => window.fromMs <= fromMs + 1e-6 && window.toMs >= toMs - 1e-6);
        expect(isCovered).toBe(true);
      }
    }),
    { numRuns: 300 },
  );
});

test('how likely a call comes soon is the share of the idle times that are longer', () => {
  const histogram = histogramOf([...Array(30).fill(MINUTE_MS), ...Array(10).fill(HOUR_MS)]);
  expect(callChance(histogram, 0, 10 * MINUTE_MS)).toBeCloseTo(0.75);
  expect(callChance(histogram, 10 * MINUTE_MS, 10 * MINUTE_MS)).toBeCloseTo(0);
  expect(callChance(histogram, 10 * MINUTE_MS, HOUR_MS)).toBeCloseTo(1);
  expect(callChance(histogram, 2 * HOUR_MS, HOUR_MS)).toBe(0);
  expect(callChance(histogramOf([MINUTE_MS]), 0, HOUR_MS)).toBeUndefined();
});

test('windows come in order and do not overlap', () => {
  fc.assert(
    fc.property(idleTimes, costs, (idleTimesMs, given) => {
      const { windows } = keepAlivePlan(histogramOf(idleTimesMs), given);
      const times = windows.flatMap(({ fromMs, toMs }) => [fromMs, toMs]);
      expect(times).toEqual([...times].sort((a, b) => a - b));
      expect(times[0]).toBe(0);
    }),
  );
});

test('a week later an idle time counts half', () => {
  const before = learnIdleTime(NO_KNOWLEDGE, 'writer', MINUTE_MS, 0);
  const { bins } = learnIdleTime(before, 'writer', HOUR_MS, 7 * 24 * HOUR_MS).idleTimes.writer!;
  expect(bins.filter((weight) => weight > 0)).toEqual([0.5, 1]);
});

test('a plan wants a component from when its start must begin until its window ends', () => {
  const windows = [
    { fromMs: 0, toMs: 10_000 },
    { fromMs: 60_000, toMs: 90_000 },
  ];
  const isWanted = (idleMs: number) => isWorthKeeping({ windows, reason: '' }, idleMs, 5_000);
  expect([0, 9_999, 10_000, 54_999, 55_000, 89_999, 90_000].map(isWanted)).toEqual([
    true,
    true,
    false,
    false,
    true,
    true,
    false,
  ]);
});

test('the reason of a plan says in seconds when it is to be warm, and from how many idle times', () => {
  expect(keepAlivePlan(histogramOf(Array(3).fill(MINUTE_MS)), COSTS).reason).toBe(
    '600.0 s after a call keeping warm has cost as much as a cold start of 60.0 s (3.0 idle times known)',
  );
  const { windows, reason } = keepAlivePlan(histogramOf(Array(50).fill(12 * HOUR_MS)), {
    ...COSTS,
    delayPenaltyPerHourUsd: 100,
  });
  const [from, to] = [windows[1]!.fromMs, windows[1]!.toMs].map((ms) => (ms / 1_000).toFixed(1));
  expect(reason).toBe(
    `the hazard of a call exceeds 1 in 6000.0 s from 0.0 s to 0.0 s, ${from} s to ${to} s after the last one (50.0 idle times)`,
  );
});

test.each([
  [10, 10, 2],
  [10, 11, 1],
])('of %i idle times that fit and %i that do not, there are %i windows', (fitting, longer, count) => {
  const idleTimesMs = [...Array(fitting).fill(12 * HOUR_MS), ...Array(longer).fill(30 * 24 * HOUR_MS)];
  const given = { ...COSTS, delayPenaltyPerHourUsd: 200 };
  expect(keepAlivePlan(histogramOf(idleTimesMs), given).windows).toHaveLength(count);
});

test('of a component that was never idle nothing is said', () => {
  expect(callChance(undefined, 0, HOUR_MS)).toBeUndefined();
});
