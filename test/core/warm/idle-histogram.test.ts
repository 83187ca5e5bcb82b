import {
  addIdleTime,
  IDLE_BINS,
  type IdleHistogram,
  idleBinEdgeMs,
  idleWeightAfter,
} from '../../../core/warm/idle-histogram';

const WEEK_MS = 7 * 24 * 3_600_000;

test('bins begin at 0 and at 10 s, and are twice as far after eight more', () => {
  expect(idleBinEdgeMs(0)).toBe(0);
  expect(idleBinEdgeMs(1)).toBe(10_000);
  for (let bin = 1; bin + 8 <= IDLE_BINS; bin++) {
    expect(idleBinEdgeMs(bin + 8)).toBeCloseTo(2 * idleBinEdgeMs(bin), 4);
  }
});

test('an idle time counts in the bin that begins no later, and what is longer than all of them beyond', () => {
  for (let bin = 0; bin < IDLE_BINS; bin++) {
    for (const idleMs of [idleBinEdgeMs(bin), (idleBinEdgeMs(bin) + idleBinEdgeMs(bin + 1)) / 2]) {
      const { bins, beyond } = addIdleTime(undefined, idleMs, 0);
      expect(bins).toEqual(Array.from({ length: IDLE_BINS }, (_, at) => (at === bin ? 1 : 0)));
      expect(beyond).toBe(0);
    }
  }
  for (const idleMs of [idleBinEdgeMs(IDLE_BINS), 100 * WEEK_MS]) {
    const { bins, beyond } = addIdleTime(undefined, idleMs, 0);
    expect(bins).toEqual(Array(IDLE_BINS).fill(0));
    expect(beyond).toBe(1);
  }
});

test('what is beyond the bins counts half a week later, as what is in them does', () => {
  const long = addIdleTime(addIdleTime(undefined, 100 * WEEK_MS, 0), 0, 0);
  const later = addIdleTime(long, 100 * WEEK_MS, WEEK_MS);
  expect(later.beyond).toBeCloseTo(1.5, 9);
  expect(later.bins[0]).toBeCloseTo(0.5, 9);
});

test('a clock that is behind takes nothing back', () => {
  const first = addIdleTime(undefined, 0, WEEK_MS);
  expect(addIdleTime(first, 0, 0).atMs).toBe(WEEK_MS);
  expect(addIdleTime(first, 0, 2 * WEEK_MS).atMs).toBe(2 * WEEK_MS);
});

test('of a bin the idle times are taken to be spread evenly', () => {
  const bins = Array<number>(IDLE_BINS).fill(0);
  bins[0] = 4;
  bins[9] = 8;
  const histogram: IdleHistogram = { bins, beyond: 2, atMs: 0 };
  const [fromMs, toMs] = [idleBinEdgeMs(9), idleBinEdgeMs(10)];
  expect(idleWeightAfter(histogram, 0)).toBeCloseTo(14, 9);
  expect(idleWeightAfter(histogram, 2_500)).toBeCloseTo(13, 9);
  expect(idleWeightAfter(histogram, 10_000)).toBeCloseTo(10, 9);
  expect(idleWeightAfter(histogram, fromMs)).toBeCloseTo(10, 9);
  expect(idleWeightAfter(histogram, fromMs + (toMs - fromMs) / 4)).toBeCloseTo(8, 9);
  expect(idleWeightAfter(histogram, toMs)).toBeCloseTo(2, 9);
  expect(idleWeightAfter(histogram, 100 * WEEK_MS)).toBe(2);
});
