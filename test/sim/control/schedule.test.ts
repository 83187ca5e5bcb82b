import * as fc from 'fast-check';
import { nextTime } from '../../../sim/control/schedule';

const DAY = 86_400;

test('an action of every day comes at its time of today, or else of tomorrow', () => {
  const action = { atSeconds: 3600 };
  expect([0, 3599, 3600, 5000, DAY + 3600].map((after) => nextTime(action, after))).toEqual([
    3600,
    3600,
    DAY + 3600,
    DAY + 3600,
    2 * DAY + 3600,
  ]);
});

test('an action of one day of the week comes once a week', () => {
  const action = { dayOfWeek: 2, atSeconds: 60 };
  expect([0, 2 * DAY + 60, 10 * DAY].map((after) => nextTime(action, after))).toEqual([
    2 * DAY + 60,
    9 * DAY + 60,
    16 * DAY + 60,
  ]);
});

test('it is always to come, within a week, at its own time and day', () => {
  const days = fc.option(fc.nat(6), { nil: undefined });
  fc.assert(
    fc.property(days, fc.nat(DAY - 1), fc.nat(30 * DAY), (dayOfWeek, atSeconds, afterSeconds) => {
      const next = nextTime(dayOfWeek === undefined ? { atSeconds } : { dayOfWeek, atSeconds }, afterSeconds);
      expect(next).toBeGreaterThan(afterSeconds);
      expect(next - afterSeconds).toBeLessThanOrEqual((dayOfWeek === undefined ? 1 : 7) * DAY);
      expect(next % DAY).toBe(atSeconds);
      if (dayOfWeek !== undefined) expect(Math.floor(next / DAY) % 7).toBe(dayOfWeek);
    }),
    { numRuns: 50 },
  );
});

test.each([
  [{ dayOfWeek: 7, atSeconds: 0 }, 'dayOfWeek of a scheduled action must be a whole number from 0 to 6, got: 7'],
  [{ atSeconds: DAY }, 'atSeconds of a scheduled action must be a whole number from 0 to 86399, got: 86400'],
  [{ atSeconds: 0.1 }, 'atSeconds of a scheduled action must be a whole number from 0 to 86399, got: 0.1'],
  [{ atSeconds: Number.NaN }, 'atSeconds of a scheduled action must be a whole number from 0 to 86399, got: NaN'],
])('%j is refused, not waited for', (action, message) => {
  expect(() => nextTime(action, 0)).toThrow(message);
});
