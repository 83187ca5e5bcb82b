import fc from 'fast-check';
import { maximumSustainable } from '../../../sim/bounds/bisect';

const limits = fc.double({ min: 0.01, max: 1000, noNaN: true });
const tolerances = fc.constantFrom(0.001, 0.02, 0.3);

test('a limit within the range is bracketed as closely as asked for', async () => {
  await fc.assert(
    fc.asyncProperty(limits, tolerances, async (limit, tolerance) => {
      const { met, failed, tried } = await maximumSustainable((scale) => scale <= limit, {
        low: 0.01,
        high: 2000,
        tolerance,
      });
      expect(met).toBeLessThanOrEqual(limit);
      expect(failed).toBeGreaterThan(limit);
      expect(failed! / met!).toBeLessThanOrEqual(1 + tolerance + 1e-12);
      expect(tried.length).toBeLessThan(18 + Math.log2(Math.log(2) / Math.log(1 + tolerance)) + 2);
    }),
  );
});

test('whatever the answers, the bracket holds what was seen, and the same answers give the same search', async () => {
  await fc.assert(
    fc.asyncProperty(fc.func(fc.boolean()), async (answers) => {
      const range = { low: 1, high: 100, tolerance: 0.05 };
      const { met, failed, tried } = await maximumSustainable(async (scale) => answers(scale), range);
      expect(met === null || answers(met)).toBe(true);
      expect(failed === null || !answers(failed)).toBe(true);
      expect(tried.filter((scale) => answers(scale) && !(scale <= met!))).toEqual([]);
      expect(await maximumSustainable(answers, range)).toEqual({ met, failed, tried });
    }),
  );
});

test('the search doubles up to the first failure and halves the logarithm from there', async () => {
  const { met, failed, tried } = await maximumSustainable((scale) => scale < 6, { low: 1, high: 100, tolerance: 0.1 });
  expect(tried.map((scale) => Math.round(scale * 100) / 100)).toEqual([1, 2, 4, 8, 5.66, 6.73, 6.17]);
  expect([met, failed]).toEqual([tried[4], tried[6]]);
});

test('a range that holds no limit has an open bracket', async () => {
  const range = { low: 1, high: 5, tolerance: 0.1 };
  expect(await maximumSustainable(() => true, range)).toEqual({ met: 5, failed: null, tried: [1, 2, 4, 5] });
  expect(await maximumSustainable(() => false, range)).toEqual({ met: null, failed: 1, tried: [1] });
});

test('a failure that is found hides what lies beyond it', async () => {
  const hasGap = (scale: number) => scale < 3 || (scale > 5 && scale < 20);
  const { met } = await maximumSustainable(hasGap, { low: 1, high: 100, tolerance: 0.01 });
  expect(Math.abs(met! / 3 - 1)).toBeLessThan(0.01);
});

test('an impossible range is refused', async () => {
  const search = (low: number, high: number, tolerance: number) =>
    maximumSustainable(() => true, { low, high, tolerance });
  await expect(search(0, 5, 0.1)).rejects.toThrow('low and high must be positive and in order, got: 0 and 5');
  await expect(search(6, 5, 0.1)).rejects.toThrow('got: 6 and 5');
  await expect(search(1, 5, 0)).rejects.toThrow('tolerance must be at least 1e-9, got: 0');
});
