import {
  type ChangeHistory,
  type ChangeRequest,
  changeRefusal,
  isFlapping,
  mayRestore,
  NO_CHANGES,
  recordWrite,
} from '../../../core/scale/change-budget';
import type { StepDirection } from '../../../core/scale/safe-step';

const MINUTE = 60_000;
const NOW = 1000 * MINUTE;
const after = (...minutesAgo: number[]) => writes(...minutesAgo.map((ago) => [ago, 'lower'] as const));
const writes = (...made: readonly (readonly [minutesAgo: number, direction: StepDirection])[]) =>
  made.reduce((history, [ago, direction]) => recordWrite(history, direction, NOW - ago * MINUTE), NO_CHANGES);
const refusal = (request: Partial<ChangeRequest>) =>
  changeRefusal(
    { direction: 'raise', history: NO_CHANGES, coldStartSeconds: 200, slackTicks: 3, coldStarts: 0, ...request },
    NOW,
  );

test('what was never changed may be lowered, and raised after three ticks of slack', () => {
  expect(refusal({ direction: 'lower', slackTicks: 0 })).toBeUndefined();
  expect(refusal({})).toBeUndefined();
  expect(refusal({ slackTicks: 2 })).toBe('slack for 2 of 3 ticks');
});

test('a target is lowered every five minutes at most', () => {
  expect(refusal({ direction: 'lower', history: after(4.9) })).toBe('changed 4.9 min ago, next in 0.1 min');
  expect(refusal({ direction: 'lower', history: after(5) })).toBeUndefined();
});

test('a target is raised every fifteen minutes, or after three cold starts, at most', () => {
  expect(refusal({ history: after(14) })).toBe('changed 14 min ago, next in 1 min');
  expect(refusal({ history: after(15) })).toBeUndefined();
  expect(refusal({ history: after(15), coldStartSeconds: 400 })).toBe('changed 15 min ago, next in 5 min');
  expect(refusal({ history: after(20), coldStartSeconds: 400 })).toBeUndefined();
});

test('cold starts in the window keep a target from being raised, not from being lowered', () => {
  expect(refusal({ coldStarts: 2 })).toBe('2 cold starts in the window');
  expect(refusal({ direction: 'lower', coldStarts: 2 })).toBeUndefined();
});

test('four writes an hour, the last of which is no raise', () => {
  expect(refusal({ history: after(50, 40, 30) })).toBe('3 policy writes in the last hour, at most 3 to raise a target');
  expect(refusal({ direction: 'lower', history: after(50, 40, 30) })).toBeUndefined();
  expect(refusal({ direction: 'lower', history: after(50, 40, 30, 20) })).toBe(
    '4 policy writes in the last hour, at most 4 to lower a target',
  );
  expect(mayRestore(after(50, 40, 30), NOW)).toBe(true);
  expect(mayRestore(after(50, 40, 30, 20), NOW)).toBe(false);
  expect(mayRestore(after(60, 40, 30, 20), NOW)).toBe(true);
});

test.each<[string, boolean, ChangeHistory]>([
  ['never changed', false, NO_CHANGES],
  ['corrected one way as often as may be', false, after(50, 40, 30, 20)],
  ['raised, and taken back', false, writes([50, 'raise'], [30, 'lower'])],
  ['corrected the other way an hour later', false, writes([70, 'lower'], [50, 'raise'], [30, 'raise'])],
  ['raised, taken back and raised again', true, writes([50, 'raise'], [30, 'lower'], [10, 'raise'])],
  ['lowered, raised and lowered again', true, writes([50, 'lower'], [30, 'raise'], [20, 'raise'], [10, 'lower'])],
  ['raised last week, lowered and put back', false, writes([10_080, 'raise'], [20, 'lower'], [10, 'raise'])],
  ['up and down more than an hour ago', false, writes([90, 'raise'], [60, 'lower'], [30, 'raise'])],
])('a target that was %s: flapping %p', (_, flaps, history) => {
  expect(isFlapping(history, NOW)).toBe(flaps);
});

test('only the writes of the last hour are kept', () => {
  expect(writes([120, 'raise'], [61, 'lower'], [10, 'raise'], [0, 'raise'])).toEqual({
    writesMs: [NOW - 10 * MINUTE, NOW],
    turnsMs: [NOW - 10 * MINUTE],
    lastChangeMs: NOW,
    lastDirection: 'raise',
  });
});
