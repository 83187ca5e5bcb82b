import fc from 'fast-check';
import { RollingQuantile } from '../../../core/run/rolling-quantile';

test('it is that of the last samples; between two of them, the upper', () => {
  const samples = fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 100, size: 'max' });
  fc.assert(
    fc.property(samples, fc.constantFrom(0.5, 0.95), fc.integer({ min: 1, max: 40 }), (all, share, window) => {
      const quantile = new RollingQuantile(share, window);
      for (const [i, sample] of all.entries()) {
        quantile.add(sample);
        const recent = all.slice(Math.max(0, i + 1 - window), i + 1).sort((a, b) => a - b);
        expect(quantile.value).toBe(recent[Math.floor(recent.length * share)]);
        expect(quantile.count).toBe(recent.length);
      }
    }),
  );
});

test('without samples it is 0', () => {
  expect(new RollingQuantile(0.5, 31).value).toBe(0);
});
