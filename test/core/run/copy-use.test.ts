import fc from 'fast-check';
import { copyUse } from '../../../core/run/copy-use';
import { HOUR_MS } from '../../../core/time-units';

test('a call takes its part of the time and of the price of a copy', () => {
  expect(copyUse({ perCopyHourUsd: 3.6 }, 2_000)).toEqual({ copySeconds: 2, costUsd: 0.002 });
  expect(copyUse({ perCopyHourUsd: 3.6, concurrencyPerCopy: 4 }, 2_000)).toEqual({ copySeconds: 0.5, costUsd: 0.0005 });
});

test('calls that fill the concurrency of a copy for an hour add up to an hour of it, and to its price', () => {
  const hour = fc
    .array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 20 })
    .map((cuts) => [0, ...cuts.toSorted((a, b) => a - b), 1])
    .map((ends) => ends.slice(1).map((end, i) => (end - ends[i]!) * HOUR_MS));
  const lanes = fc.array(hour, { minLength: 1, maxLength: 16 });
  const price = fc.double({ min: 0.01, max: 100, noNaN: true });
  fc.assert(
    fc.property(lanes, price, (callsMs, perCopyHourUsd) => {
      const uses = callsMs.flat().map((ms) => copyUse({ perCopyHourUsd, concurrencyPerCopy: callsMs.length }, ms));
      expect(uses.reduce((sum, { copySeconds }) => sum + copySeconds, 0)).toBeCloseTo(3_600, 6);
      expect(uses.reduce((sum, { costUsd }) => sum + costUsd, 0)).toBeCloseTo(perCopyHourUsd, 6);
    }),
  );
});
