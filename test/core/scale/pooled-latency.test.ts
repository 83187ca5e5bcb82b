import fc from 'fast-check';
import { type LatencyPercentiles, PERCENTILE_GRID, poolLatencies } from '../../../core/scale/pooled-latency';

/** What a metrics service tells of some latencies. */
function told(latencies: readonly number[]): LatencyPercentiles {
  const sorted = latencies.toSorted((a, b) => a - b);
  const valuesMs = PERCENTILE_GRID.map((p) => sorted[Math.max(0, Math.ceil((p / 100) * sorted.length) - 1)]!);
  return { count: latencies.length, valuesMs };
}

const latencies = fc.array(fc.double({ min: 1, max: 1e5, noNaN: true }), { minLength: 1, maxLength: 200 });

test('one part has the percentiles that were told', () => {
  const part = told(Array.from({ length: 1000 }, (_, i) => i + 1));
  const pooled = poolLatencies([part]);
  expect(pooled.count).toBe(1000);
  for (const [i, p] of PERCENTILE_GRID.entries()) expect(pooled.percentileMs(p)).toBeCloseTo(part.valuesMs[i]!, 2);
});

test('a quiet part hardly moves the percentile of a busy one, as an average would', () => {
  const busy = told(Array.from({ length: 990 }, () => 100));
  const quiet = told(Array.from({ length: 10 }, () => 10_000));
  expect(poolLatencies([busy, quiet]).percentileMs(95)).toBeCloseTo(100, 3);
  expect(poolLatencies([busy, quiet]).percentileMs(99.5)).toBeCloseTo(10_000, 0);
});

test('a percentile of parts lies between those of the parts', () => {
  fc.assert(
    fc.property(fc.array(latencies, { minLength: 1, maxLength: 6 }), fc.constantFrom(50, 90, 95, 99), (parts, p) => {
      const each = parts.map((part) => poolLatencies([told(part)]).percentileMs(p));
      const pooled = poolLatencies(parts.map(told)).percentileMs(p);
      expect(pooled).toBeGreaterThanOrEqual(Math.min(...each) * (1 - 1e-4));
      expect(pooled).toBeLessThanOrEqual(Math.max(...each) * (1 + 1e-4));
    }),
  );
});

test('many parts have nearly the P95 of all their latencies', () => {
  const parts = Array.from({ length: 30 }, (_, part) =>
    Array.from({ length: 40 }, (_, i) => 100 * (1 + part / 30) * Math.exp((i / 40) * 2)),
  );
  const all = told(parts.flat()).valuesMs[PERCENTILE_GRID.indexOf(95)]!;
  const pooled = poolLatencies(parts.map(told));
  expect(pooled.percentileMs(95) / all).toBeCloseTo(1, 1);
  expect(Math.abs(pooled.shareBeyond(all) - 0.05)).toBeLessThan(0.01);
});

test('percentiles never fall, and the share beyond one is what is left', () => {
  fc.assert(
    fc.property(latencies, (some) => {
      const pooled = poolLatencies([told(some)]);
      const values = [0, 10, 50, 90, 95, 99, 100].map((p) => pooled.percentileMs(p));
      expect(values).toEqual(values.toSorted((a, b) => a - b));
      expect(pooled.shareBeyond(values.at(-1)!)).toBeCloseTo(0, 6);
      expect(pooled.shareBeyond(0)).toBe(1);
    }),
  );
});
