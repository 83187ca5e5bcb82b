import fc from 'fast-check';
import { readyDelayMs, retryDelayMs } from '../../../core/run/backoff';

const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const policy = { attempts: 3, baseMs: 100, capMs: 5_000 };

test.each([
  [1, 100],
  [2, 200],
  [3, 400],
  [6, 3_200],
  [7, 5_000],
  [2_000, 5_000],
])('after %i failures the delay is at most %i ms, and any time up to that', (failures, fullMs) => {
  expect(retryDelayMs(policy, failures, 0)).toBe(0);
  expect(retryDelayMs(policy, failures, 0.5)).toBe(fullMs / 2);
  fc.assert(fc.property(random, (draw) => retryDelayMs(policy, failures, draw) <= fullMs));
});

test.each([
  [0, 100],
  [500, 100],
  [1_000, 200],
  [10_000, 2_000],
  [25_000, 5_000],
  [600_000, 5_000],
])('after a wait of %i ms a component is asked again within %i ms, and not before half of that', (waitedMs, fullMs) => {
  expect(readyDelayMs(waitedMs, 0)).toBe(fullMs / 2);
  fc.assert(fc.property(random, (draw) => readyDelayMs(waitedMs, draw) <= fullMs));
});
