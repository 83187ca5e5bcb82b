import { judgeCanary, type OutcomeMinute, watchMs } from '../../../core/scale/canary';

const MINUTE = 60_000;
const CHANGED = 100 * MINUTE;
const WATCH = 10 * MINUTE;

/** Ten minutes before the change and ten after it, the minutes of each alike. */
function minutes(before: Partial<OutcomeMinute>, after: Partial<OutcomeMinute>): OutcomeMinute[] {
  return Array.from({ length: 20 }, (_, i) => ({
    startMs: CHANGED + (i - 10) * MINUTE,
    requests: 100,
    violations: 0,
    rejects: 0,
    ...(i < 10 ? before : after),
  }));
}

const judge = (outcomes: OutcomeMinute[], sinceMs = WATCH) => judgeCanary(outcomes, CHANGED, WATCH, CHANGED + sinceMs);

test.each([
  [0, 10],
  [200, 10],
  [500, 25],
])('with cold starts of %i s a change is watched for %i min', (seconds, expected) => {
  expect(watchMs(seconds)).toBe(expected * MINUTE);
});

test('a change is not judged before its time', () => {
  expect(judge(minutes({}, { violations: 50 }), WATCH - 1)).toEqual({
    verdict: 'watching',
    reason: 'watching the change for another 1 min',
  });
});

test.each([
  ['no violation', {}, {}, 'kept'],
  ['one point more', { violations: 2 }, { violations: 3 }, 'kept'],
  ['three points more, within what the objective allows', { violations: 2 }, { violations: 5 }, 'kept'],
  ['three points more, beyond that', { violations: 3 }, { violations: 6 }, 'worse'],
  ['fewer violations', { violations: 5 }, { violations: 0 }, 'kept'],
  ['refused requests', {}, { rejects: 1 }, 'worse'],
  ['as many refused as before', { rejects: 1 }, { rejects: 1 }, 'kept'],
  ['14 % more load', { requests: 100 }, { requests: 114, violations: 20 }, 'worse'],
  ['16 % more load', { requests: 100 }, { requests: 116, violations: 20 }, 'unmatched'],
  ['16 % less load', { requests: 100 }, { requests: 84, violations: 20 }, 'unmatched'],
  ['no load at all', { requests: 0 }, { requests: 0 }, 'unmatched'],
] as const)('%s: %j, then %j is %s', (_, before, after, verdict) => {
  expect(judge(minutes(before, after)).verdict).toBe(verdict);
});

test('a large rise among few requests may be chance', () => {
  // 2 of 10 after 0 of 10: p = 45 / 190.
  const few = { requests: 1, violations: 0 };
  const outcomes = minutes(few, few).map((minute, i) => (i >= 18 ? { ...minute, violations: 1 } : minute));
  expect(judge(outcomes)).toEqual({
    verdict: 'kept',
    reason: '0 % beyond the objective before the change, 20 % after (p = 0.237)',
  });
});

test('a change whose load never comes back is kept after three times its watch', () => {
  const quiet = minutes({}, { requests: 0 });
  expect(judge(quiet, 3 * WATCH - 1).verdict).toBe('unmatched');
  expect(judge(quiet, 3 * WATCH)).toEqual({
    verdict: 'kept',
    reason: '1000 requests before the change, 0 after: not comparable, change kept',
  });
});

test('minutes told twice count once', () => {
  const outcomes = minutes({ violations: 2 }, { violations: 5 });
  expect(judge([...outcomes, ...outcomes])).toEqual(judge(outcomes));
});
