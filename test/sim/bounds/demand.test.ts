import fc from 'fast-check';
import { demandWindows, needByWindow } from '../../../sim/bounds/demand';

test('demand is the work that arrives in a window over its length', () => {
  const work = { arrivalUs: [0, 9_999_999, 10_000_000, 25_000_000], serviceSeconds: [5, 10, 30, 2] };
  expect([...demandWindows(work, 10, 30e6)]).toEqual([1.5, 3, 0.2]);
});

test('all the work of whole windows is in the demand, that of the rest is not', () => {
  const requests = fc.array(
    fc.record({ atSeconds: fc.integer({ min: 0, max: 99 }), work: fc.integer({ min: 1, max: 50 }) }),
  );
  fc.assert(
    fc.property(requests, fc.integer({ min: 1, max: 40 }), (list, windowSeconds) => {
      const work = { arrivalUs: list.map((r) => r.atSeconds * 1e6), serviceSeconds: list.map((r) => r.work) };
      const demand = demandWindows(work, windowSeconds, 100e6);
      const whole = Math.floor(100 / windowSeconds);
      expect(demand.length).toBe(whole);
      const served = list.filter((r) => r.atSeconds < whole * windowSeconds).reduce((sum, r) => sum + r.work, 0);
      expect(demand.reduce((sum, d) => sum + d * windowSeconds, 0)).toBeCloseTo(served, 6);
    }),
  );
});

test('copies are enough for the demand, and one less is not', () => {
  const demands = fc.array(fc.double({ min: 1e-6, max: 1e4, noNaN: true }));
  fc.assert(
    fc.property(demands, fc.integer({ min: 1, max: 128 }), (demand, maxConcurrency) => {
      needByWindow(demand, maxConcurrency).forEach((copies, t) => {
        expect(copies * maxConcurrency).toBeGreaterThanOrEqual(demand[t]! * (1 - 1e-8));
        if (copies > 0) expect((copies - 1) * maxConcurrency).toBeLessThan(demand[t]!);
      });
    }),
  );
});

test('rounding errors of sums ask for no further copy', () => {
  expect([...needByWindow([0.1 + 0.2, 0, 1e-9], 0.1)]).toEqual([3, 0, 1]);
});

test('impossible input is refused', () => {
  const none = { arrivalUs: [], serviceSeconds: [] };
  expect(() => demandWindows({ arrivalUs: [1, 2], serviceSeconds: [1] }, 10, 1e6)).toThrow(
    'service time, got: 2 and 1',
  );
  expect(() => demandWindows(none, 0, 1e6)).toThrow('windowSeconds must be positive, got: 0');
  expect(() => needByWindow([1], 0)).toThrow('maxConcurrency must be positive, got: 0');
});
