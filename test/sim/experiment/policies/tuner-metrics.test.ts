import { MINUTE_MS } from '../../../../core/time-units';
import { ComponentMetrics } from '../../../../sim/experiment/policies/tuner-metrics';

const KEPT_MS = 60 * MINUTE_MS;

/** Ends minutes with one call of each latency given for it. */
function metricsOf(minutes: readonly (readonly number[])[], objectiveMs = Infinity): ComponentMetrics {
  const metrics = new ComponentMetrics();
  metrics.objectiveMs = objectiveMs;
  minutes.forEach((latencies, at) => {
    for (const latencyMs of latencies) {
      metrics.callStarted();
      metrics.callEnded(latencyMs * 1000, 0, 0);
    }
    for (let slot = 1; slot <= 6; slot++) metrics.endSlot(at * MINUTE_MS + slot * 10_000);
    metrics.endMinute((at + 1) * MINUTE_MS, 0, KEPT_MS);
  });
  return metrics;
}

test('a minute is out one minute after it has ended', () => {
  expect(metricsOf([[100]]).measured).toBeUndefined();
  const measured = metricsOf([[100], [900]]).measured!;
  expect(measured.measuredAtMs).toBe(MINUTE_MS);
  expect(measured.latency!.count).toBe(1);
  expect(measured.latency!.p95Ms).toBeCloseTo(100, -0.5);
  expect(measured.outcomes).toEqual([{ startMs: 0, requests: 1, violations: 0, rejects: 0 }]);
});

test('arrivals of ten seconds are out ten seconds later', () => {
  const { arrivals } = metricsOf([[100, 100], [100]]).measured!;
  expect(arrivals.at(-1)).toEqual({ startMs: MINUTE_MS + 40_000, count: 0 });
  expect(arrivals.filter(({ count }) => count > 0)).toEqual([
    { startMs: 0, count: 2 },
    { startMs: MINUTE_MS, count: 1 },
  ]);
});

test('the window is the shortest that judges a P95, and all else is about it', () => {
  const busy = metricsOf([...Array(30).fill([50]), ...Array(7).fill(Array(20).fill(100))]).measured!;
  expect(busy.windowMs).toBe(5 * MINUTE_MS);
  expect(busy.latency!.count).toBe(100);
  expect(busy.meanServiceSeconds).toBeCloseTo(0.1);
  expect(busy.requestsPerSecond).toBeCloseTo(20 / 60);
});

test('waiting for copies is no service, and waiting between tries is a share of the latency', () => {
  const metrics = new ComponentMetrics();
  metrics.callEnded(10e6, 6e6, 0);
  metrics.callEnded(10e6, 0, 5e6);
  metrics.endMinute(MINUTE_MS, 3, KEPT_MS);
  metrics.endMinute(2 * MINUTE_MS, 0, KEPT_MS);
  expect(metrics.measured).toMatchObject({ coldStarts: 1, rejects: 3, waitShare: 0.25, meanServiceSeconds: 7 });
});

test('a late call violates the objective, and so does a failed one', () => {
  const metrics = metricsOf([], 500);
  metrics.callEnded(400e3, 0, 0);
  metrics.callEnded(600e3, 0, 0);
  metrics.callFailed(100e3);
  metrics.endMinute(MINUTE_MS, 0, KEPT_MS);
  metrics.endMinute(2 * MINUTE_MS, 0, KEPT_MS);
  expect(metrics.measured!.outcomes).toEqual([{ startMs: 0, requests: 3, violations: 2, rejects: 0 }]);
});

test('the concurrency per copy is left out while no copy tells it, and the last samples are kept', () => {
  const metrics = metricsOf([[], []]);
  expect(metrics.measured).not.toHaveProperty('concurrencyPerCopy');
  for (let sample = 1; sample <= 8; sample++) metrics.sample(sample);
  metrics.endMinute(3 * MINUTE_MS, 0, KEPT_MS);
  metrics.endMinute(4 * MINUTE_MS, 0, KEPT_MS);
  expect(metrics.measured!.concurrencyPerCopy).toBe(4.5);
  expect(metrics.measured!.recentConcurrencyPerCopy).toEqual([3, 4, 5, 6, 7, 8]);
});

test('outcomes are kept no longer than they are looked at', () => {
  const { outcomes } = metricsOf(Array(200).fill([100])).measured!;
  expect(outcomes.length).toBeLessThanOrEqual(60);
  expect(outcomes.at(-1)!.startMs).toBe(198 * MINUTE_MS);
});

test('slack is judged over more calls than a breach', () => {
  const { latency, windowMs, slackEvidence } = metricsOf(Array(62).fill(Array(20).fill(100))).measured!;
  expect([latency!.count, windowMs]).toEqual([100, 5 * MINUTE_MS]);
  expect([slackEvidence!.latency.count, slackEvidence!.windowMs]).toEqual([300, 15 * MINUTE_MS]);
  expect(slackEvidence!.latency.highMs).not.toBeNull();
});
