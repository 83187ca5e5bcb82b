import fc from 'fast-check';
import { RollingMedian } from '../../../core/run/rolling-median';

test('the median is that of the last 31 samples; of an even number, the upper of the two in the middle', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 100, size: 'max' }), (samples) => {
      const median = new RollingMedian();
      for (const [i, sample] of samples.entries()) {
        median.add(sample);
        const recent = samples.slice(Math.max(0, i - 30), i + 1).sort((a, b) => a - b);
        expect(median.value).toBe(recent[Math.floor(recent.length / 2)]);
      }
    }),
  );
});

test('without samples the median is 0', () => {
  expect(new RollingMedian().value).toBe(0);
});
