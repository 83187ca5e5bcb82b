import { type PlanWorkload, scoredSpan, spanWarnings, tuningSpan } from '../../../sim/planner/spans';
import { synthesize } from '../../../sim/workload/synthesize';

const synthetic = (days: number, meanRatePerSecond = 0.01): PlanWorkload => ({
  kind: 'synthetic',
  model: { days, meanRatePerSecond, promptTokens: 1, outputTokens: 1 },
});

const trace = (days: number): PlanWorkload => {
  const { model } = synthetic(days) as Extract<PlanWorkload, { kind: 'synthetic' }>;
  return { kind: 'trace', requests: synthesize(model, 7) };
};

const days = ({ requests }: { readonly requests: { readonly durationUs: number } }) => requests.durationUs / 86_400e6;

test.each([
  [0.5, 0.25, 0.25],
  [2, 1, 1],
  [5, 2, 3],
])('%d days are divided into %d to tune and %d to score', (whole, tuned, scored) => {
  expect(days(tuningSpan(synthetic(whole), 1))).toBeCloseTo(tuned);
  expect(days(scoredSpan(synthetic(whole), 1))).toBeCloseTo(scored);
});

test('no request of a trace is in both halves', () => {
  const workload = trace(1);
  const halves = [tuningSpan(workload, 1), scoredSpan(workload, 1)];
  const count = halves.reduce((sum, { requests }) => sum + requests.count, 0);
  expect(count).toBe((workload as Extract<PlanWorkload, { kind: 'trace' }>).requests.count);
});

test('seeds draw a synthetic workload and the days of a long trace anew, and leave a short trace as it is', () => {
  const arrivals = (workload: PlanWorkload, seed: number) => scoredSpan(workload, seed).requests.arrivalUs;
  expect(arrivals(synthetic(1), 1)).not.toEqual(arrivals(synthetic(1), 2));
  expect(new Set([1, 2, 3, 4, 5].map((seed) => arrivals(trace(4), seed).join())).size).toBeGreaterThan(1);
  expect(arrivals(trace(2), 1)).toEqual(arrivals(trace(2), 2));
});

test('of many requests, whole days are taken', () => {
  expect(days(tuningSpan(synthetic(8, 0.1), 1))).toBe(2);
});

test('says what a short workload cannot tell', () => {
  expect([...spanWarnings(trace(0.5))]).toEqual([
    'the workload covers 12 h: the month is taken to be like them, nights and weekends included',
    'the trace is shorter than 4 days: intervals leave out how one day differs from another',
  ]);
  expect([...spanWarnings(synthetic(4))]).toEqual([]);
});
