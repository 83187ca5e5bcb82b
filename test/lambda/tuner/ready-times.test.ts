import { learnStarts, NO_STARTS } from '../../../lambda/tuner/ready-times';
import type { ScalingActivity } from '../../../lambda/tuner/scaling-service';

const activity = (copies: number, startedAtMs: number, seconds: number, cause = 'AlarmHigh'): ScalingActivity => ({
  resourceId: 'inference-component/writer',
  copies,
  cause,
  startedAtMs,
  endedAtMs: startedAtMs + seconds * 1000,
});

test('the time of a change to more copies is that of a start, and of one to fewer it is none', () => {
  const activities = [activity(3, 2e6, 200), activity(1, 4e6, 5, 'AlarmLow'), activity(2, 5e6, 300)];
  expect(learnStarts(NO_STARTS, activities).seconds).toEqual([200, 300]);
});

test('activities come in any order', () => {
  const activities = [activity(2, 5e6, 300), activity(1, 4e6, 5, 'AlarmLow'), activity(3, 2e6, 200)];
  expect(learnStarts(NO_STARTS, activities).seconds).toEqual([200, 300]);
});

test('of the first one that is told, its cause tells', () => {
  expect(learnStarts(NO_STARTS, [activity(1, 2e6, 5, 'AlarmLow')])).toBe(NO_STARTS);
  expect(learnStarts(NO_STARTS, [activity(1, 2e6, 90, 'minimum capacity was set to 1')]).seconds).toEqual([90]);
});

test('a start that is told again counts once', () => {
  const once = learnStarts(NO_STARTS, [activity(3, 2e6, 200)]);
  expect(learnStarts(once, [activity(3, 2e6, 200)])).toBe(once);
  expect(learnStarts(once, [activity(3, 2e6, 200), activity(4, 3e6, 100)]).seconds).toEqual([200, 100]);
});

test('the last fifty count', () => {
  const many = Array.from({ length: 60 }, (_, i) => activity(i + 1, i * 1e6, i + 1));
  expect(learnStarts(NO_STARTS, many).seconds).toEqual(Array.from({ length: 50 }, (_, i) => i + 11));
});
