import { wallClock } from '../../../local/world';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

test('at speed 60 a minute of the world passes in a second', () => {
  const clock = wallClock(60);
  const startedAt = clock.now();
  const wake = jest.fn();
  clock.setTimer(wake, 60_000);
  jest.advanceTimersByTime(999);
  expect(wake).not.toHaveBeenCalled();
  jest.advanceTimersByTime(1);
  expect(wake).toHaveBeenCalledTimes(1);
  expect(clock.now() - startedAt).toBeCloseTo(60_000);
});

test('a cleared timer does not wake', () => {
  const clock = wallClock();
  const wake = jest.fn();
  clock.clearTimer(clock.setTimer(wake, 10));
  jest.advanceTimersByTime(20);
  expect(wake).not.toHaveBeenCalled();
});

test.each([0, -1, Number.NaN, Infinity])('a speed of %p is refused', (speed) => {
  expect(() => wallClock(speed)).toThrow(`speed must be a positive number, got: ${speed}`);
});

test.each([2 ** 31, Number.MAX_SAFE_INTEGER, Infinity])('a timer of %p ms does not wake at once', (delayMs) => {
  const wake = jest.fn();
  wallClock().setTimer(wake, delayMs);
  jest.advanceTimersByTime(86_400_000);
  expect(wake).not.toHaveBeenCalled();
});
