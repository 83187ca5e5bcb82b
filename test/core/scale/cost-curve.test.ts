import fc from 'fast-check';
import { type CostCurve, costCurve, type KnownCalls, usdPerHourAt } from '../../../core/scale/cost-curve';
import { type DemandHistory, NO_DEMAND, observeDemand } from '../../../core/scale/demand-history';
import { type LatencyFit, learnLatency, NO_FIT } from '../../../core/scale/latency-fit';
import { HOUR_MS } from '../../../core/time-units';

/** Learned from points on P95 = 400 + 50 C, at 1 to 12, each off by up to so much. */
const fitOf = (slopeMs = 50, noiseMs = 0) =>
  Array.from({ length: 60 }, (_, i) => 1 + (i % 12)).reduce(
    (fit, c, i) => learnLatency(fit, c, 400 + slopeMs * c + noiseMs * Math.sin(7 * i)),
    NO_FIT,
  );

/** Concurrent requests of one hour after another. */
const demandOf = (...hours: readonly number[]) =>
  [...hours, 0].reduce((history, demand, hour) => observeDemand(history, demand, hour * HOUR_MS), NO_DEMAND);

/** 10 calls a second on average, and 30 in the busiest of three hours, at 0.3 s each. */
const CALLS: KnownCalls = {
  fit: fitOf(),
  demand: demandOf(0, 0, 9),
  meanServiceSeconds: 0.3,
  meanOverP95: 0.5,
};
const BOUNDS = { minTarget: 2, maxTarget: 16, minCopies: 0, pricePerCopyHourUsd: 2 };

const curve = costCurve(CALLS, BOUNDS)!;

test("copies are rate times service time over concurrency, by Little's law", () => {
  // P95 of 800 ms at a concurrency of 8, in which a call takes 400 ms: 10 * 0.4 / 8 copies of 2 dollars.
  expect(usdPerHourAt(curve, 800)).toBeCloseTo(1, 4);
  // 1000 ms at 12: 10 * 0.5 / 12.
  expect(usdPerHourAt(curve, 1000)).toBeCloseTo(10 / 12, 4);
});

test('no number of copies makes calls faster than an idle copy', () => {
  expect(usdPerHourAt(curve, 399)).toBe(Infinity);
  expect(usdPerHourAt(curve, 401)).toBeGreaterThan(100);
});

test('between its targets a component takes from P95 at the lowest to P95 at the highest', () => {
  expect(curve.shortestP95Ms).toBeCloseTo(500, 1);
  expect(curve.longestP95Ms).toBeCloseTo(1200, 1);
  expect(usdPerHourAt(curve, 5000)).toBe(usdPerHourAt(curve, curve.longestP95Ms));
});

test('beyond where the busiest hour needs no more copies than there are anyway nothing is saved', () => {
  // 30 * 0.5 * 50 / 1000 = 0.75 copies packed; one copy is enough from P95 = 400 / (1 - 0.75) on, two from 400 * 2 / 1.25.
  const most = { ...BOUNDS, maxTarget: 1000 };
  expect(costCurve(CALLS, most)!.longestP95Ms).toBeCloseTo(1600, 0);
  expect(costCurve(CALLS, { ...most, minCopies: 2 })!.longestP95Ms).toBeCloseTo(640, 0);
});

test('a curve falls with P95 and never rises', () => {
  const ms = fc.double({ min: 1, max: 1e5, noNaN: true });
  fc.assert(
    fc.property(ms, ms, (a, b) => {
      expect(usdPerHourAt(curve, Math.max(a, b))).toBeLessThanOrEqual(usdPerHourAt(curve, Math.min(a, b)));
    }),
  );
});

const { fit: usable } = CALLS;
const hostile: readonly [string, Partial<KnownCalls>][] = [
  ['a fit of too few levels of load', { fit: learnLatency(NO_FIT, 2, 500) }],
  ['a fit that falls with load', { fit: fitOf(-20) }],
  ['a fit as noisy as what it tells', { fit: fitOf(50, 3000) }],
  ['a fit that is no number', { fit: { ...usable, slopeMs: NaN } }],
  ['a fit that begins below zero', { fit: { ...usable, interceptMs: -10 } }],
  ['a fit whose correction is no number', { fit: { ...usable, correction: NaN } }],
  ['a fit whose residuals are no number', { fit: { ...usable, residualMs: NaN } }],
  ['a fit of an infinite slope', { fit: { ...usable, slopeMs: Infinity } }],
  ['a demand that nobody knows', { demand: NO_DEMAND }],
  ['a demand that never comes', { demand: demandOf(0, 0, 0) }],
  ['calls that take no time', { meanServiceSeconds: 0 }],
  ['calls whose time is no number', { meanServiceSeconds: NaN }],
  ['calls whose mean is no number', { meanOverP95: NaN }],
];

test.each(hostile)('%s has no curve', (_, calls) => {
  expect(costCurve({ ...CALLS, ...calls }, BOUNDS)).toBeUndefined();
});

test('whatever is measured, a curve is made of positive numbers', () => {
  const any = fc.double();
  const fits: fc.Arbitrary<Partial<LatencyFit>> = fc.record({
    interceptMs: any,
    slopeMs: any,
    residualMs: any,
    correction: any,
  });
  const means = fc.record({ meanServiceSeconds: any, meanOverP95: any });
  const demands: fc.Arbitrary<DemandHistory> = any.map((mean) => ({
    ...NO_DEMAND,
    seasonal: NO_DEMAND.seasonal.with(7, { mean, weight: 1 }),
  }));
  fc.assert(
    fc.property(fits, means, demands, (fit, mean, demand) => {
      const found: CostCurve | undefined = costCurve({ ...CALLS, ...mean, demand, fit: { ...usable, ...fit } }, BOUNDS);
      for (const value of Object.values(found ?? {})) {
        expect(value).toBeGreaterThan(0);
        expect(value).toBeLessThan(Infinity);
      }
    }),
  );
});
