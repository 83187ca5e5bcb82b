import { type CallMinute, MINUTES_KEPT, measureCalls } from '../../../core/scale/measured-calls';
import { type LatencyPercentiles, PERCENTILE_GRID, poolLatencies } from '../../../core/scale/pooled-latency';

const MINUTE = 60_000;
type Minute = CallMinute<readonly LatencyPercentiles[]>;

/** So many calls of 2 s each, of which a quarter was spent waiting. */
const minute = (at: number, ended: number, more: Partial<Minute> = {}): Minute => ({
  startMs: at * MINUTE,
  latency: [{ count: ended, valuesMs: PERCENTILE_GRID.map(() => 2000) }],
  started: ended,
  ended,
  latencyMs: 2000 * ended,
  coldMs: 0,
  waitMs: 500 * ended,
  coldStarts: 0,
  rejects: 0,
  concurrency: 0,
  concurrencySamples: 0,
  ...more,
});

const measure = (minutes: readonly Minute[], knownServiceSeconds = 9) =>
  measureCalls(minutes, (parts) => poolLatencies(parts.flat()), knownServiceSeconds);

const steady = (count: number, ended: number, more: Partial<Minute> = {}) =>
  Array.from({ length: count }, (_, i) => minute(i, ended, more));

test('without a minute there is nothing to judge', () => {
  expect(measure([])).toBeUndefined();
});

test('minutes with many calls are judged over five, and are known up to the end of the newest', () => {
  const calls = measure(steady(20, 120))!;
  expect(calls).toMatchObject({
    measuredAtMs: 20 * MINUTE,
    windowMs: 5 * MINUTE,
    latency: { count: 600, p95Ms: 2000 },
    slackEvidence: { windowMs: 5 * MINUTE, latency: { count: 600 } },
    waitShare: 0.25,
    requestsPerSecond: 2,
    meanServiceSeconds: 2,
  });
  expect(calls).not.toHaveProperty('concurrencyPerCopy');
});

test('few calls are judged over as many minutes as hold enough of them, and slack over more', () => {
  const { windowMs, latency, slackEvidence } = measure(steady(MINUTES_KEPT, 10))!;
  expect(windowMs).toBeGreaterThan(5 * MINUTE);
  expect(latency!.count).toBe((windowMs / MINUTE) * 10);
  expect(slackEvidence!.windowMs).toBeGreaterThan(windowMs);
  expect(slackEvidence!.latency.count).toBe((slackEvidence!.windowMs / MINUTE) * 10);
});

test('the rate is that of calls that began in the last five minutes, or of as many as there are', () => {
  const busier = [...steady(20, 60), ...[20, 21, 22, 23, 24].map((at) => minute(at, 60, { started: 180 }))];
  expect(measure(busier)!.requestsPerSecond).toBe(3);
  expect(measure(steady(2, 60))!.requestsPerSecond).toBe(1);
});

test('what a call takes is told without cold starts; where none ended it is what was known', () => {
  expect(measure(steady(5, 60, { coldMs: 60 * 500 }))!.meanServiceSeconds).toBe(1.5);
  const idle = measure(steady(5, 0, { latency: [] }))!;
  expect(idle).toMatchObject({ waitShare: 0, requestsPerSecond: 0, meanServiceSeconds: 9 });
  expect(idle).not.toHaveProperty('latency');
  expect(idle).not.toHaveProperty('slackEvidence');
});

test('refusals, cold starts and concurrency are those of the minutes that are judged', () => {
  const events = { rejects: 2, coldStarts: 1, concurrency: 30, concurrencySamples: 6 };
  const minutes = [...steady(15, 120, { rejects: 100, coldStarts: 100, concurrency: 600, concurrencySamples: 6 })];
  const late = [15, 16, 17, 18, 19].map((at) => minute(at, 120, events));
  expect(measure([...minutes, ...late])).toMatchObject({ rejects: 10, coldStarts: 5, concurrencyPerCopy: 5 });
});
