import fc from 'fast-check';
import { correctionPeriodMs, correctSplit, judgedFromMs } from '../../../../core/scale';

/** A P95 of many requests within 1 % of the value. */
const band = (p95Ms: number) => ({ count: 20_000, p95Ms, lowMs: 0.99 * p95Ms, highMs: 1.01 * p95Ms });

test.each([
  ['leaves a tenth of the objective unused', 1.2, 900, 1.2 * Math.sqrt(950 / 909)],
  ['leaves half of it unused', 1, 500, 1.1],
  ['uses the objective', 1.2, 950, 1.2],
  ['is about at the objective', 1.2, 1005, 1.2],
  ['misses the objective', 1.2, 1020, 1.2 / 1.02],
  ['misses it by a tenth', 1.2, 1100, 1.2 / Math.sqrt(1.089)],
  ['misses it by far', 1.4, 5000, 1.4 / 1.1],
  ['leaves most of it unused, at the largest stretch', 1.99, 300, 2],
  ['misses the objective, with nothing to take back', 1, 5000, 1],
])('a day that %s: stretch %d and P95 %d ms give %d', (_, stretch, p95Ms, expected) => {
  expect(correctSplit(stretch, band(p95Ms), 1000)).toBeCloseTo(expected, 12);
});

test('a P95 without an upper limit changes nothing', () => {
  expect(correctSplit(1.2, { ...band(300), highMs: null }, 1000)).toBe(1.2);
});

test('a P95 that follows the stretch settles between 90 % of the objective and the objective', () => {
  fc.assert(
    fc.property(fc.integer({ min: 620, max: 990 }), fc.double({ min: 1, max: 1.5, noNaN: true }), (lightMs, start) => {
      let stretch = start;
      for (let part = 0; part < 100; part++) stretch = correctSplit(stretch, band(lightMs * stretch), 1000);
      expect(lightMs * stretch).toBeLessThanOrEqual(1011);
      expect(lightMs * stretch).toBeGreaterThanOrEqual(900);
      expect(correctSplit(stretch, band(lightMs * stretch), 1000)).toBe(stretch);
    }),
  );
});

test('a slower day never stretches more', () => {
  const ms = fc.integer({ min: 1, max: 10_000 });
  fc.assert(
    fc.property(ms, ms, fc.double({ min: 1, max: 1.5, noNaN: true }), (a, b, stretch) => {
      const slow = correctSplit(stretch, band(Math.max(a, b)), 1000);
      expect(slow).toBeLessThanOrEqual(correctSplit(stretch, band(Math.min(a, b)), 1000));
    }),
  );
});

test('the first day of a split is corrected every three hours by what came since the last change, later each quarter of a day by a day', () => {
  const hourMs = 3_600_000;
  expect([0, 23.9, 24, 1000].map((hours) => correctionPeriodMs(hours * hourMs))).toEqual(
    [3, 3, 6, 6].map((h) => h * hourMs),
  );
  expect(judgedFromMs(0, 3 * hourMs, 5 * hourMs)).toBe(3 * hourMs - 300_000);
  expect(judgedFromMs(0, 30 * hourMs, 36 * hourMs)).toBe(12 * hourMs);
});
