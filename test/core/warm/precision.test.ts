import { HOUR_MS } from '../../../core/time-units';
import { countWarm, isSwitchedOff, LOWEST_AHEAD, NO_PRECISION, type Precision } from '../../../core/warm/precision';

/** One warm-up an hour from hour 0 on. */
function after(hours: number, isCalled: (hour: number) => boolean, lowest?: number): Precision {
  let precision = NO_PRECISION;
  for (let hour = 0; hour < hours; hour++) precision = countWarm(precision, isCalled(hour), hour * HOUR_MS, lowest);
  return precision;
}

test('warming is switched off when precision was low for a day, and on again after another', () => {
  const precision = after(40, () => false);
  const lowSince = 5;
  expect(isSwitchedOff(precision, (lowSince + 24) * HOUR_MS - 1)).toBe(false);
  expect(isSwitchedOff(precision, (lowSince + 24) * HOUR_MS)).toBe(true);
  expect(isSwitchedOff(precision, (lowSince + 48) * HOUR_MS - 1)).toBe(true);
  expect(isSwitchedOff(precision, (lowSince + 48) * HOUR_MS)).toBe(false);
});

test('when it is on again it is judged afresh', () => {
  const precision = countWarm(
    after(40, () => false),
    false,
    60 * HOUR_MS,
  );
  expect(precision).toEqual({ used: 0, wasted: 1, atMs: 60 * HOUR_MS });
});

test('precision above 30 % is never switched off', () => {
  const precision = after(200, (hour) => hour % 2 === 0);
  for (let hour = 0; hour < 400; hour++) expect(isSwitchedOff(precision, hour * HOUR_MS)).toBe(false);
});

test('a recovery within the day keeps warming on', () => {
  const precision = after(28, (hour) => hour > 15);
  for (let hour = 28; hour < 80; hour++) expect(isSwitchedOff(precision, hour * HOUR_MS)).toBe(false);
});

test('a few wasted warm-ups prove nothing', () => {
  const precision = after(4, () => false);
  for (let hour = 4; hour < 80; hour++) expect(isSwitchedOff(precision, hour * HOUR_MS)).toBe(false);
});

test.each([
  { every: 7, isOff: false },
  { every: 20, isOff: true },
])('of what is started ahead of runs one in $every called switches it off: $isOff', ({ every, isOff }) => {
  const precision = after(200, (hour) => hour % every === 0, LOWEST_AHEAD);
  const hours = Array.from({ length: 60 }, (_, hour) => 200 + hour);
  expect(hours.some((hour) => isSwitchedOff(precision, hour * HOUR_MS))).toBe(isOff);
});

test('of ten warm-ups three that were called are enough', () => {
  const precisionOf = (used: number, total: number) => {
    let precision = NO_PRECISION;
    for (let i = 0; i < total; i++) precision = countWarm(precision, i < used, 0);
    return precision;
  };
  expect(precisionOf(3, 10)).toEqual({ used: 3, wasted: 7, atMs: 0 });
  expect(precisionOf(2, 10).lowSinceMs).toBe(0);
  expect(precisionOf(0, 4)).not.toHaveProperty('lowSinceMs');
  expect(precisionOf(0, 5).lowSinceMs).toBe(0);
});

test('what was low stays so while the warm-ups that say it fade', () => {
  let precision: Precision = { used: 0, wasted: 6, lowSinceMs: 0, atMs: 0 };
  precision = countWarm(precision, false, 47 * HOUR_MS);
  expect(precision.wasted).toBeLessThan(5);
  expect(precision.lowSinceMs).toBe(0);
});

test('two days after precision became low it is judged afresh, and not a moment sooner', () => {
  const low: Precision = { used: 0, wasted: 6, lowSinceMs: 0, atMs: 0 };
  expect(countWarm(low, true, 48 * HOUR_MS - 1).wasted).toBeGreaterThan(1);
  expect(countWarm(low, true, 48 * HOUR_MS)).toEqual({ used: 1, wasted: 0, atMs: 48 * HOUR_MS });
  expect(isSwitchedOff(NO_PRECISION, 30 * HOUR_MS)).toBe(false);
});
