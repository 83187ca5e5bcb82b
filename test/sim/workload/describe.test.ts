import { describeWorkload, gapVariation } from '../../../sim/workload/describe';
import { requestsOf } from './support';

test('a workload in figures', () => {
  const requests = requestsOf(
    [
      [0, 10, 1],
      [300e6, 20, 2],
      [400e6, 30, 3],
      [1000e6, 40, 4],
    ],
    1200e6,
  );
  expect(describeWorkload(requests)).toEqual({
    count: 4,
    durationSeconds: 1200,
    spanSeconds: 1000,
    meanRatePerSecond: 4 / 1200,
    peakRatePerSecond: 3 / 600,
    interArrivalCv: expect.closeTo(0.6164, 4),
    promptTokens: { mean: 25, p50: 25, p95: 38.5, p99: expect.closeTo(39.7), max: 40 },
    outputTokens: { mean: 2.5, p50: 2.5, p95: expect.closeTo(3.85), p99: expect.closeTo(3.97), max: 4 },
  });
});

test('the peak of a run below 10 minutes is its mean', () => {
  const described = describeWorkload(
    requestsOf(
      [
        [0, 1, 1],
        [1e6, 1, 1],
      ],
      2e6,
    ),
  );
  expect([described.peakRatePerSecond, described.meanRatePerSecond]).toEqual([1, 1]);
});

test.each([[[]], [[5]], [[5, 6]], [[5, 5, 5]]])('gaps between %j have no variation', (times) => {
  expect(gapVariation(times)).toBeUndefined();
});

test('a workload without requests has no figures', () => {
  expect(() => describeWorkload(requestsOf([]))).toThrow('a workload without requests has no figures');
});
