import { DAY_MS, HOUR_MS } from '../../../../core/time-units';
import { MetricSeries } from '../../../../local/aws/metrics/metric-series';

/** A value each so often, for a time. */
function recorded(lengthMs: number, everyMs: number, resolution: 10 | 60): MetricSeries {
  const series = new MetricSeries();
  for (let atMs = 0; atMs < lengthMs; atMs += everyMs) series.record(atMs, resolution, (values) => values.add(1));
  return series;
}

test('periods of 10 s are kept for 3 hours, their minutes for longer', () => {
  const series = recorded(5 * HOUR_MS, 10_000, 10);
  const fine = series.between(0, 5 * HOUR_MS, 10);
  expect(fine).toHaveLength((3 * HOUR_MS) / 10_000);
  expect(fine[0]!.startMs).toBe(2 * HOUR_MS);
  expect(series.between(0, 5 * HOUR_MS, 60)).toHaveLength(300);
});

test('minutes are kept for 15 days', () => {
  const minutes = recorded(16 * DAY_MS, 60_000, 60).between(0, 16 * DAY_MS, 60);
  expect(minutes).toHaveLength((15 * DAY_MS) / 60_000);
  expect(minutes[0]!.startMs).toBe(DAY_MS);
});

test('a metric of one minute has no finer periods', () => {
  const series = recorded(120_000, 10_000, 60);
  expect(series.between(0, 120_000, 10).map(({ startMs }) => startMs)).toEqual([0, 60_000]);
});

test('a longer period has every value that its own periods have, in order of time', () => {
  const series = new MetricSeries();
  for (const minute of [9, 1, 6, 2]) series.record(minute * 60_000, 60, (values) => values.add(minute));
  const sums = series.between(0, 600_000, 300).map(({ startMs, values }) => [startMs, values.sum]);
  expect(sums).toEqual([
    [0, 3],
    [300_000, 15],
  ]);
});

test('the first period is the one that the start is in, the last begins before the end', () => {
  const series = recorded(600_000, 60_000, 60);
  const starts = series.between(90_000, 180_000, 60).map(({ startMs }) => startMs);
  expect(starts).toEqual([60_000, 120_000]);
});
