import { countWarm, isSwitchedOff, LOWEST_AHEAD, NO_PRECISION, type Precision } from '../../../core/warm/precision';

const HOUR_MS = 3_600_000;

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
