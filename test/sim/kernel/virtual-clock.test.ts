import * as fc from 'fast-check';
import { VirtualClock } from '../../../sim/kernel/virtual-clock';

test('timers wake in order of time, those of the same moment in the order they were set', () => {
  const delays = fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 100 });
  fc.assert(
    fc.property(delays, (delaysMs) => {
      const clock = new VirtualClock();
      const woken: { at: number; set: number }[] = [];
      for (const [set, delayMs] of delaysMs.entries()) {
        clock.setTimer(() => woken.push({ at: clock.now(), set }), delayMs);
      }
      clock.advance(20);
      const expected = delaysMs.map((at, set) => ({ at, set })).sort((a, b) => a.at - b.at || a.set - b.set);
      expect(woken).toEqual(expected);
    }),
  );
});

test('a timer set while time passes still wakes in the same advance', () => {
  const clock = new VirtualClock();
  const wokenAt: number[] = [];
  clock.setTimer(() => clock.setTimer(() => wokenAt.push(clock.now()), 0.1), 0.2);
  clock.advance(1);
  expect(wokenAt).toEqual([0.3]);
  expect(clock.now()).toBe(1);
});

test('a cleared timer does not wake', () => {
  const clock = new VirtualClock();
  const wake = jest.fn();
  clock.clearTimer(clock.setTimer(wake, 1));
  clock.advance(2);
  expect(wake).not.toHaveBeenCalled();
});
