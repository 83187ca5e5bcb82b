import { ClockedTimeline } from '../../../sim/kernel/clocked-timeline';
import { VirtualClock } from '../../../sim/kernel/virtual-clock';

/** A world that notes, by the clock, when what it asked for happens. */
function start() {
  const clock = new VirtualClock();
  clock.advance(1000);
  const clocked = new ClockedTimeline(clock);
  const seenMs: number[] = [];
  const actor = { act: () => seenMs.push(clock.now()) };
  const askIn = (ms: number) => clocked.now(() => clocked.timeline.at(clocked.timeline.nowUs + ms * 1000, actor));
  return { clock, clocked, seenMs, askIn };
}

test('what is due happens when the clock gets there, by itself', () => {
  const { clock, clocked, seenMs, askIn } = start();
  askIn(30);
  askIn(10);
  askIn(20.5);
  clock.advance(15);
  expect(seenMs).toEqual([1010]);
  clock.advance(100);
  expect(seenMs).toEqual([1010, 1020.5, 1030]);
  expect(clocked.timeline.nextAtUs).toBe(Infinity);
});

test('time begins with the clock it follows', () => {
  const { clock, clocked } = start();
  clock.advance(0.25);
  expect(clocked.now(() => clocked.timeline.nowUs)).toBe(250);
});

test('an event that asks for others keeps the world going', () => {
  const { clock, clocked } = start();
  let beats = 0;
  const beat = {
    act: () => {
      beats++;
      clocked.timeline.at(clocked.timeline.nowUs + 1_000_000, beat);
    },
  };
  clocked.now(() => clocked.timeline.at(0, beat));
  clock.advance(10_000);
  expect(beats).toBe(11);
});

test('something done now comes after all that was due before', () => {
  const { clock, clocked, seenMs, askIn } = start();
  askIn(5);
  clock.setTimer(() => clocked.now(() => seenMs.push(-1)), 5);
  clock.advance(5);
  expect(seenMs).toEqual([1005, -1]);
});

test('an action that fails does not stop the world', () => {
  const { clock, clocked, seenMs } = start();
  const fail = () =>
    clocked.now(() => {
      clocked.timeline.at(7000, { act: () => seenMs.push(clock.now()) });
      throw new Error('refused');
    });
  expect(fail).toThrow('refused');
  clock.advance(7);
  expect(seenMs).toEqual([1007]);
});
