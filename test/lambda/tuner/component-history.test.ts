import fc from 'fast-check';
import type { LatencyPercentiles } from '../../../core/scale/pooled-latency';
import { PERCENTILE_GRID } from '../../../core/scale/pooled-latency';
import { NO_HISTORY, observeHistory, remember, unreadFromMs } from '../../../lambda/tuner/component-history';
import type { MeasuredComponent, MeasuredMinute } from '../../../lambda/tuner/component-metrics';

const MINUTE = 60_000;
const KEPT_MS = 40 * MINUTE;

const latencyOf = (count: number, ms: number): LatencyPercentiles => ({
  count,
  valuesMs: PERCENTILE_GRID.map(() => ms),
});

function minuteAt(index: number, calls: number, ms = 100, errors = 0): MeasuredMinute {
  return {
    minute: {
      startMs: index * MINUTE,
      latency: calls > 0 ? [latencyOf(calls, ms)] : [],
      started: calls,
      ended: calls,
      latencyMs: calls * ms,
      coldMs: 0,
      waitMs: 0,
      coldStarts: 0,
      rejects: 0,
      concurrency: 6,
      concurrencySamples: 6,
    },
    errors,
  };
}

const measured = (...minutes: MeasuredMinute[]): MeasuredComponent => ({ minutes, concurrency: [1, 1, 1, 1, 1, 1, 1] });

test('a minute that is told again is as told last', () => {
  const once = remember(NO_HISTORY, measured(minuteAt(0, 10), minuteAt(1, 5)), 50, KEPT_MS);
  const twice = remember(once, measured(minuteAt(1, 12), minuteAt(2, 3)), 150, KEPT_MS);
  expect(twice.minutes.map(({ ended }) => ended)).toEqual([10, 12, 3]);
  expect(twice.outcomes.map(({ requests, violations }) => [requests, violations])).toEqual([
    [10, 10],
    [12, 0],
    [3, 0],
  ]);
});

test('reading the same again changes nothing', () => {
  const minutes = fc.uniqueArray(fc.record({ at: fc.nat(90), calls: fc.nat(50) }), {
    minLength: 1,
    selector: ({ at }) => at,
  });
  fc.assert(
    fc.property(minutes, (some) => {
      const told = measured(...some.toSorted((a, b) => a.at - b.at).map(({ at, calls }) => minuteAt(at, calls)));
      const once = remember(NO_HISTORY, told, 50, KEPT_MS);
      expect(remember(once, told, 50, KEPT_MS)).toEqual(once);
    }),
  );
});

test('minutes without data are minutes without calls, and an hour is kept', () => {
  const history = remember(NO_HISTORY, measured(minuteAt(0, 10), minuteAt(59, 5), minuteAt(80, 5)), 50, KEPT_MS);
  expect(history.minutes).toHaveLength(60);
  expect(history.minutes[0]!.startMs).toBe(21 * MINUTE);
  expect(history.minutes.filter(({ ended }) => ended > 0)).toHaveLength(2);
});

test('a call that failed violates the objective, however fast', () => {
  const { outcomes } = remember(NO_HISTORY, measured(minuteAt(0, 10, 20, 3)), 50, KEPT_MS);
  expect(outcomes).toEqual([{ startMs: 0, requests: 10, violations: 3, rejects: 0 }]);
});

test('arrivals are those of minutes since the last decision', () => {
  const history = remember(NO_HISTORY, measured(minuteAt(0, 60), minuteAt(1, 12)), 50, KEPT_MS);
  const known = { measuredAtMs: MINUTE } as Parameters<typeof observeHistory>[2];
  const { arrivals, recentConcurrencyPerCopy } = observeHistory(history, [1, 2, 3, 4, 5, 6, 7], known)!;
  expect(arrivals.map(({ startMs, count }) => [startMs, count])).toEqual(
    [0, 1, 2, 3, 4, 5].map((slot) => [MINUTE + slot * 10_000, 2]),
  );
  expect(recentConcurrencyPerCopy).toEqual([2, 3, 4, 5, 6, 7]);
});

test('an hour is read at first, then what is new and what may have come late', () => {
  const endMs = 100 * MINUTE;
  expect(unreadFromMs(NO_HISTORY, endMs)).toBe(40 * MINUTE);
  const upTo = (index: number) => remember(NO_HISTORY, measured(minuteAt(index, 1)), 50, KEPT_MS);
  expect(unreadFromMs(upTo(98), endMs)).toBe(96 * MINUTE);
  expect(unreadFromMs(upTo(99), endMs)).toBe(97 * MINUTE);
  expect(unreadFromMs(upTo(2), endMs)).toBe(40 * MINUTE);
});
