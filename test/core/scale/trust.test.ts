import { fullTrust, loseTrust, regainTrust } from '../../../core/scale/trust';

const DAY = 86_400_000;

test('a rollback halves the trust, and each good day gives a fifth of it back', () => {
  const lost = loseTrust(fullTrust(0), DAY);
  expect(lost).toEqual({ radius: 0.5, sinceMs: DAY });
  expect(regainTrust(lost, 2 * DAY - 1)).toBe(lost);
  expect(regainTrust(lost, 2 * DAY)).toEqual({ radius: 0.6, sinceMs: 2 * DAY });
  expect(regainTrust(lost, 3.5 * DAY).radius).toBeCloseTo(0.72, 10);
  expect(regainTrust(lost, 3.5 * DAY).sinceMs).toBe(3 * DAY);
});

test('trust never exceeds its start', () => {
  expect(regainTrust(loseTrust(fullTrust(0), 0), 100 * DAY).radius).toBe(1);
});
