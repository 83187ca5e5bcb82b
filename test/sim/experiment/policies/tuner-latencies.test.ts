import * as fc from 'fast-check';
import { LatencyHistogram } from '../../../../sim/experiment/policies/tuner-histogram';
import { LatencyMeter } from '../../../../sim/experiment/policies/tuner-latencies';

const minute = fc.array(fc.double({ min: 0.1, max: 1e8, noNaN: true }), { maxLength: 30 });

test('the latencies of minutes in a row are those of all of them in one histogram', () => {
  fc.assert(
    fc.property(fc.array(minute, { minLength: 1, maxLength: 12 }), fc.nat(), fc.nat(), (minutes, a, b) => {
      const meter = new LatencyMeter();
      const spans = minutes.map((latencies) => {
        for (const latencyMs of latencies) meter.add(latencyMs);
        return meter.cut();
      });
      const [first, last] = [a % minutes.length, b % minutes.length].sort((x, y) => x - y) as [number, number];
      const expected = new LatencyHistogram();
      for (const latencyMs of minutes.slice(first, last + 1).flat()) expected.add(latencyMs);
      const together = spans[first]!.until(spans[last]!);
      expect(together.count).toBe(expected.count);
      for (const p of [0, 1, 50, 89.3, 95, 99.9, 100]) {
        expect(together.percentileMs(p)).toBe(expected.percentileMs(p));
      }
    }),
  );
});

test('a minute without latencies has none', () => {
  const meter = new LatencyMeter();
  meter.add(20);
  meter.cut();
  const idle = meter.cut();
  expect(idle.count).toBe(0);
  expect(idle.percentileMs(95)).toBe(0);
});
