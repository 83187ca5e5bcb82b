import fc from 'fast-check';
import { Distribution } from '../../../../local/aws/metrics/distribution';

const values = fc.array(fc.double({ min: 0, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 200 });
const percents = fc.double({ min: 0, max: 100, noNaN: true });

function of(all: readonly number[]): Distribution {
  const distribution = new Distribution();
  for (const value of all) distribution.add(value);
  return distribution;
}

test('a percentile is the value of its rank, to within 1 %', () => {
  fc.assert(
    fc.property(values, percents, (all, percent) => {
      const rank = Math.max(1, Math.ceil((percent * all.length) / 100));
      const exact = [...all].sort((a, b) => a - b)[rank - 1]!;
      const found = of(all).percentile(percent)!;
      expect(Math.abs(found - exact)).toBeLessThanOrEqual(0.01 * exact);
    }),
  );
});

test('two that are merged are as one of all values', () => {
  fc.assert(
    fc.property(values, values, percents, (some, others, percent) => {
      const merged = of(some);
      merged.merge(of(others));
      const whole = of([...some, ...others]);
      expect(merged.sampleCount).toBe(whole.sampleCount);
      expect(merged.minimum).toBe(whole.minimum);
      expect(merged.maximum).toBe(whole.maximum);
      for (const [a, b] of [
        [merged.sum, whole.sum],
        [merged.percentile(percent)!, whole.percentile(percent)!],
      ] as const) {
        expect(Math.abs(a - b)).toBeLessThanOrEqual(1e-9 * b);
      }
    }),
  );
});

test('a value counts as often as it is said to', () => {
  const distribution = new Distribution();
  distribution.add(10, 19);
  distribution.add(1000, 1);
  expect(distribution.percentile(95)).toBe(10);
  expect(distribution.percentile(96)).toBe(1000);
});

test.each<[string, (distribution: Distribution) => void]>([
  ['nothing', () => {}],
  ['a negative value', (distribution) => distribution.add(-1)],
  [
    'a set of different values',
    (distribution) => distribution.addSet({ sampleCount: 2, sum: 3, minimum: 1, maximum: 2 }),
  ],
])('%s has no percentile', (_, fill) => {
  const distribution = new Distribution();
  fill(distribution);
  expect(distribution.percentile(50)).toBeUndefined();
});

test('a set of equal values is those values', () => {
  const distribution = new Distribution();
  distribution.addSet({ sampleCount: 3, sum: 21, minimum: 7, maximum: 7 });
  expect(distribution.percentile(50)).toBe(7);
});
