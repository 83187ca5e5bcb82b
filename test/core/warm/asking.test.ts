import { isTimeToAsk } from '../../../core/warm';

const NOW_MS = 1_000_000;
const SOON_MS = NOW_MS + 60_000;
const situation = { openRuns: 1, toldRuns: 0, askedAtMs: undefined, coldReadyAtMs: [undefined] };

test.each([
  { name: 'a run finds something cold', changes: {}, isAsked: true },
  { name: 'there is no run', changes: { openRuns: 0 }, isAsked: false },
  { name: 'nothing is cold', changes: { coldReadyAtMs: [] }, isAsked: false },
  { name: 'all that is cold starts, and a run is new', changes: { coldReadyAtMs: [SOON_MS] }, isAsked: true },
  {
    name: 'all that is cold starts, and more than half of the runs are told of',
    changes: { openRuns: 3, toldRuns: 2, coldReadyAtMs: [SOON_MS] },
    isAsked: false,
  },
  {
    name: 'all that is cold starts, and half of the runs are told of',
    changes: { openRuns: 4, toldRuns: 2, coldReadyAtMs: [SOON_MS] },
    isAsked: true,
  },
  {
    name: 'one of two starts, and all runs are told of',
    changes: { toldRuns: 1, coldReadyAtMs: [SOON_MS, undefined] },
    isAsked: true,
  },
  {
    name: 'a start is overdue, and all runs are told of',
    changes: { toldRuns: 1, coldReadyAtMs: [NOW_MS] },
    isAsked: true,
  },
  { name: 'a run is new, 9 s after the last time', changes: { askedAtMs: NOW_MS - 9_000 }, isAsked: false },
  { name: 'a run is new, 10 s after the last time', changes: { askedAtMs: NOW_MS - 10_000 }, isAsked: true },
  { name: 'nothing came of it for 29 s', changes: { toldRuns: 1, askedAtMs: NOW_MS - 29_000 }, isAsked: false },
  { name: 'nothing came of it for 30 s', changes: { toldRuns: 1, askedAtMs: NOW_MS - 30_000 }, isAsked: true },
])('if $name, the warmer is asked: $isAsked', ({ changes, isAsked }) => {
  expect(isTimeToAsk({ ...situation, ...changes }, NOW_MS)).toBe(isAsked);
});
