import fc from 'fast-check';
import {
  idleP95Ms,
  isUsable,
  type LatencyFit,
  learnLatency,
  NO_FIT,
  predictP95Ms,
} from '../../../core/scale/latency-fit';

const learnAll = (points: readonly (readonly [number, number])[], from: LatencyFit = NO_FIT) =>
  points.reduce((fit, [concurrency, p95Ms]) => learnLatency(fit, concurrency, p95Ms), from);

/** Points on P95 = 400 + 50 C, at 1 to `levels`. */
const line = (count: number, levels = 12) =>
  Array.from({ length: count }, (_, i) => [1 + (i % levels), 400 + 50 * (1 + (i % levels))] as const);

test('the first point moves the line by prior variance 1e6 on intercept and slope', () => {
  // Gain for C = 2: 1e6 [1, 2] / (0.98 + 5e6).
  const fit = learnLatency(NO_FIT, 2, 1000);
  expect(fit.interceptMs).toBeCloseTo(199.99996, 5);
  expect(fit.slopeMs).toBeCloseTo(399.99992, 5);
});

test('a straight line is found from its points', () => {
  const fit = learnAll(line(24));
  expect(fit.interceptMs).toBeCloseTo(400, 2);
  expect(fit.slopeMs).toBeCloseTo(50, 3);
  expect(fit.correction).toBeCloseTo(1, 6);
  expect(isUsable(fit)).toBe(true);
});

test('seven levels of load are too few, eight are enough', () => {
  expect(isUsable(learnAll(line(70, 7)))).toBe(false);
  expect(isUsable(learnAll(line(8, 8)))).toBe(true);
});

test('loads that are nearly equal are one level: eight reach from one load to 1.5 times that', () => {
  const upTo = (highest: number) =>
    learnAll(Array.from({ length: 500 }, (_, i) => 10 + ((highest - 10) * i) / 499).map((c) => [c, 400 + 50 * c]));
  expect(isUsable(upTo(14.9))).toBe(false);
  expect(isUsable(upTo(15.5))).toBe(true);
});

test('a noisy line knows the idle P95 worse than a clean one', () => {
  const clean = idleP95Ms(learnAll(line(60)));
  const noisy = idleP95Ms(learnAll(line(60).map(([c, ms], i) => [c, ms + 100 * Math.sin(7 * i)])));
  expect(clean.p95Ms).toBeCloseTo(400, 2);
  expect(clean.errorMs).toBeLessThan(5);
  expect(noisy.errorMs).toBeGreaterThan(20);
});

test('a latency that falls with load is not usable', () => {
  expect(isUsable(learnAll(line(24).map(([c]) => [c, 2000 - 50 * c])))).toBe(false);
});

test('one outlier hardly moves the line', () => {
  const before = learnAll(line(48));
  const after = learnLatency(before, 6, 70_000);
  expect(Math.abs(predictP95Ms(after, 6) - 700)).toBeLessThan(150);
});

test('a line that changes for good is followed, even after a perfect past', () => {
  const before = learnAll(line(48));
  const after = learnAll(
    line(300).map(([c, ms]) => [c, 2 * ms]),
    before,
  );
  expect(predictP95Ms(after, 6)).toBeGreaterThan(1330);
  expect(predictP95Ms(after, 6)).toBeLessThan(1470);
});

test('a day at one load does not make the next point decide the line', () => {
  const steady = learnAll(
    Array.from({ length: 1440 }, () => [6, 700] as const),
    learnAll(line(24)),
  );
  const after = learnLatency(steady, 6.1, 760);
  expect(steady.covariance[0] + steady.covariance[2]).toBeLessThanOrEqual(2e6);
  expect(steady.covariance[0] + steady.covariance[2]).toBeGreaterThan(1e5);
  expect(predictP95Ms(after, 6)).toBeGreaterThan(650);
  expect(predictP95Ms(after, 6)).toBeLessThan(770);
});

test('the correction is the smoothed ratio of observed and predicted latency', () => {
  // 1 + 0.2 (1.5 - 1)
  expect(learnLatency(learnAll(line(24)), 6, 1050).correction).toBeCloseTo(1.1, 3);
  // A ratio counts as 2 at most: 1 + 0.2 (2 - 1).
  expect(learnLatency(learnAll(line(24)), 6, 7000).correction).toBeCloseTo(1.2, 3);
});

test('whatever is learned, the fit stays finite and plain data', () => {
  const point = fc.tuple(
    fc.double({ min: 0.01, max: 512, noNaN: true }),
    fc.double({ min: 0.1, max: 1e6, noNaN: true }),
  );
  fc.assert(
    fc.property(fc.array(point, { maxLength: 200 }), (points) => {
      const fit = learnAll(points);
      expect(
        [fit.interceptMs, fit.slopeMs, fit.residualMs, fit.correction, ...fit.covariance].every(Number.isFinite),
      ).toBe(true);
      expect(JSON.parse(JSON.stringify(fit))).toEqual(fit);
    }),
    { numRuns: 50 },
  );
});
