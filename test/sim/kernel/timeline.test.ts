import * as fc from 'fast-check';
import { type Actor, Timeline } from '../../../sim/kernel/timeline';

/** What an event asks for while it happens: delays from then, which may point into the past. */
type Program = readonly (readonly number[])[];

const programs = fc
  .record({
    first: fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 40 }),
    later: fc.array(fc.array(fc.integer({ min: -20, max: 40 }), { maxLength: 3 }), { maxLength: 40 }),
  })
  .map(({ first, later }): Program => [first, ...later]);

/** Events in the order in which they happen, each as its moment and its number; the n-th runs entry n of the program. */
function live(program: Program): [number, number][] {
  const timeline = new Timeline();
  const happened: [number, number][] = [];
  let asked = 0;
  const actor: Actor = {
    act: (what) => {
      happened.push([timeline.nowUs, what]);
      ask(program[happened.length] ?? []);
    },
  };
  const ask = (delays: readonly number[]) => {
    for (const delay of delays) timeline.at(timeline.nowUs + delay, actor, asked++);
  };
  ask(program[0]!);
  timeline.advanceTo(1e9);
  return happened;
}

/** The same with an array that is searched for the earliest each time. */
function reference(program: Program): [number, number][] {
  const happened: [number, number][] = [];
  let waiting: [number, number][] = [];
  let nowUs = 0;
  let asked = 0;
  const ask = (delays: readonly number[]) => {
    for (const delay of delays) waiting.push([Math.max(nowUs, nowUs + delay), asked++]);
  };
  ask(program[0]!);
  while (waiting.length > 0) {
    const [next] = waiting.toSorted((a, b) => a[0] - b[0] || a[1] - b[1]);
    waiting = waiting.filter((each) => each !== next);
    nowUs = next![0];
    happened.push(next!);
    ask(program[happened.length] ?? []);
  }
  return happened;
}

test('events happen in the order of their time, then of their request, also those asked for by others', () => {
  fc.assert(
    fc.property(programs, (program) => {
      expect(live(program)).toEqual(reference(program));
    }),
    { numRuns: 50 },
  );
});

test('it holds more events than it has room for at first', () => {
  const timeline = new Timeline();
  const seen: number[] = [];
  const actor = { act: (what: number) => seen.push(what) };
  for (let at = 0; at < 5000; at++) timeline.at((at * 7919) % 5000, actor, (at * 7919) % 5000);
  timeline.advanceTo(5000);
  expect(seen).toEqual(Array.from({ length: 5000 }, (_, at) => at));
  expect(timeline.passed).toBe(5000);
});

test('a moment that is over means now, after what is already due', () => {
  const timeline = new Timeline();
  timeline.advanceTo(100);
  const seen: [number, number][] = [];
  const actor = { act: (what: number) => seen.push([timeline.nowUs, what]) };
  timeline.at(100, actor, 1);
  timeline.at(20, actor, 2);
  expect(timeline.nextAtUs).toBe(100);
  timeline.advanceTo(100);
  expect(seen).toEqual([
    [100, 1],
    [100, 2],
  ]);
});

test('time passes up to the moment asked for, and events beyond it wait', () => {
  const timeline = new Timeline();
  const seen: number[] = [];
  timeline.at(10, { act: () => seen.push(timeline.nowUs) });
  timeline.at(11, { act: () => seen.push(timeline.nowUs) });
  timeline.advanceTo(10);
  expect([timeline.nowUs, timeline.nextAtUs, seen]).toEqual([10, 11, [10]]);
  timeline.advanceTo(5);
  expect(timeline.nowUs).toBe(10);
  timeline.advanceTo(500);
  expect([timeline.nowUs, timeline.nextAtUs, seen]).toEqual([500, Infinity, [10, 11]]);
});

test.each([0.5, Number.NaN, Infinity])('an event at %p is refused: moments are whole microseconds', (atUs) => {
  expect(() => new Timeline().at(atUs, { act: () => {} })).toThrow(
    `an event must be at a whole microsecond, got: ${atUs}`,
  );
});
