import * as fc from 'fast-check';
import { LatencyHistogram } from '../../../../sim/experiment/policies/tuner-histogram';

const latencies = fc.array(fc.double({ min: 1, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 200 });

function histogramOf(values: readonly number[]): LatencyHistogram {
  const histogram = new LatencyHistogram();
  for (const value of values) histogram.add(value);
  return histogram;
}

test('a percentile is within a hundredth of the latency of that rank', () => {
  fc.assert(
    fc.property(latencies, fc.double({ min: 0, max: 100, noNaN: true }), (values, p) => {
      const sorted = values.toSorted((a, b) => a - b);
      const exact = sorted[Math.max(0, Math.ceil((p / 100) * sorted.length) - 1)]!;
      expect(Math.abs(histogramOf(values).percentileMs(p) / exact - 1)).toBeLessThan(0.01);
    }),
  );
});

test('two added together hold what both held', () => {
  fc.assert(
    fc.property(latencies, latencies, (one, other) => {
      const together = histogramOf(one);
      together.addAll(histogramOf(other));
      const expected = histogramOf([...one, ...other]);
      expect(together.count).toBe(expected.count);
      for (const p of [0, 50, 95, 100]) expect(together.percentileMs(p)).toBe(expected.percentileMs(p));
    }),
  );
});

test('a latency beyond its range counts at its end', () => {
  expect(histogramOf([0]).percentileMs(50)).toBeCloseTo(1, 1);
  expect(histogramOf([1e12]).percentileMs(50)).toBeGreaterThan(9e6);
});
