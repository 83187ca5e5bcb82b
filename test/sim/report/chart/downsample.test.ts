import fc from 'fast-check';
import { keptIndices } from '../../../../sim/report/chart/downsample';

test('what is kept has both ends and the extremes, in order, and is never more than the limit', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 400 }),
      fc.integer({ min: 4, max: 200 }),
      (values, limit) => {
        const kept = keptIndices(values, limit);
        const shown = kept.map((i) => values[i]!);

        expect(kept.length).toBeLessThanOrEqual(limit);
        expect([kept[0], kept.at(-1)]).toEqual([0, values.length - 1]);
        expect(kept.every((index, i) => i === 0 || index > kept[i - 1]!)).toBe(true);
        expect([Math.min(...shown), Math.max(...shown)]).toEqual([Math.min(...values), Math.max(...values)]);
      },
    ),
  );
});

test('a series within the limit is kept as it is', () => {
  expect(keptIndices([5, 5, 5], 3)).toEqual([0, 1, 2]);
  expect(keptIndices([], 3)).toEqual([]);
});

test('a spike of one point survives', () => {
  const values = Array.from({ length: 10_000 }, (_, i) => (i === 4321 ? 9 : 1));

  expect(keptIndices(values, 150)).toContain(4321);
});
