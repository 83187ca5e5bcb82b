import { describeWorkload, gapVariation } from '../../../sim/workload/describe';
import { fingerprint } from '../../../sim/workload/fingerprint';
import type { RequestList } from '../../../sim/workload/request-list';
import { scaleRate } from '../../../sim/workload/scale-rate';
import { synthesize } from '../../../sim/workload/synthesize';
import { DAILY_SHAPE } from '../../../sim/workload/synthetic';
import { requestsOf } from './support';

const FACTORS = [0.1, 0.5, 3];

const ofVariation = (cv: number) =>
  synthesize({ days: 2, meanRatePerSecond: 0.2, clients: [{ cv }], promptTokens: 500, outputTokens: 9 }, 5);
const POISSON = ofVariation(1);
const BURSTY = ofVariation(4);

/** Arrivals in the time in which the rate of the hour is 1. */
const operational = ({ arrivalUs }: RequestList) => {
  let before = 0;
  const cumulative = Array.from({ length: 49 }, (_, hour) => {
    const until = before;
    before += DAILY_SHAPE[hour % 24]!;
    return until;
  });
  return arrivalUs.map((us) => {
    const hour = Math.floor(us / 3600e6);
    return cumulative[hour]! + (us / 3600e6 - hour) * DAILY_SHAPE[hour % 24]!;
  });
};

const CASES = FACTORS.flatMap((factor) => [
  { cv: 1, factor, requests: POISSON },
  { cv: 4, factor, requests: BURSTY },
]);

test.each(CASES)(
  'times $factor, gaps keep their variation of $cv, and the rate is scaled',
  ({ cv, factor, requests }) => {
    const scaled = scaleRate(requests, factor, 3);
    // Three standard deviations of the count of a renewal process.
    expect(Math.abs(scaled.count / requests.count / factor - 1)).toBeLessThan((3 * cv) / Math.sqrt(scaled.count));
    const kept = gapVariation(operational(scaled))! / gapVariation(operational(requests))!;
    expect(Math.abs(kept - 1)).toBeLessThan(factor === 0.1 ? 0.15 : 0.08);
  },
);

test.each(FACTORS)('times %d, each hour keeps its share of the requests', (factor) => {
  const scaled = scaleRate(POISSON, factor, 4);
  const perHour = (list: RequestList) => {
    const counts = new Float64Array(48);
    for (const us of list.arrivalUs) counts[Math.floor(us / 3600e6)]! += 1;
    return counts;
  };
  const [before, after] = [perHour(POISSON), perHour(scaled)];
  for (let hour = 0; hour < 48; hour++) {
    const expected = before[hour]! * factor;
    expect(Math.abs(after[hour]! - expected)).toBeLessThan(4.5 * Math.sqrt(expected));
  }
});

test('requests keep their tokens, and pairs stay pairs', () => {
  const requests = synthesize(
    {
      days: 0.5,
      meanRatePerSecond: 0.5,
      promptTokens: { lognormal: { p50: 500, p95: 2000 } },
      outputTokens: { request: 'promptTokens', times: 2 },
    },
    1,
  );
  const scaled = scaleRate(requests, 2, 1);
  expect(scaled.outputTokens.every((tokens, i) => tokens === 2 * scaled.promptTokens[i]!)).toBe(true);
  const [before, after] = [requests, scaled].map((list) => describeWorkload(list).promptTokens);
  expect(Math.abs(after!.p50 / before!.p50 - 1)).toBeLessThan(0.03);
  expect(Math.abs(after!.p95 / before!.p95 - 1)).toBeLessThan(0.05);
});

test('tokens are drawn from the time they are of', () => {
  // Short prompts in the first hour, long ones in the second.
  const requests = requestsOf(
    Array.from({ length: 2000 }, (_, i) => [i * 3.6e6, i < 1000 ? 1 : 1000, 1] as const),
    7200e6,
  );
  const { arrivalUs, promptTokens } = scaleRate(requests, 0.5, 1);
  const misplaced = promptTokens.filter((tokens, i) => (tokens === 1) !== arrivalUs[i]! < 3600e6);
  expect(misplaced.length).toBeLessThan(0.05 * promptTokens.length);
});

test('what comes out is in order, within the run, and the same for the same seed', () => {
  const [first, again, other] = [1, 1, 2].map((seed) => scaleRate(BURSTY, 0.3, seed));
  expect(first!.durationUs).toBe(BURSTY.durationUs);
  expect(first!.arrivalUs.every((us, i) => Number.isInteger(us) && us >= (first!.arrivalUs[i - 1] ?? 0))).toBe(true);
  expect(first!.arrivalUs.at(-1)).toBeLessThanOrEqual(BURSTY.durationUs);
  expect(fingerprint(again!)).toBe(fingerprint(first!));
  expect(fingerprint(other!)).not.toBe(fingerprint(first!));
});

test('an hour without requests stays without', () => {
  const rows = [0, 1, 2, 3, 100, 101, 102, 103].flatMap((minute) =>
    Array.from({ length: 60 }, (_, second) => [minute * 60e6 + second * 1e6, 1, 1] as const),
  );
  const { arrivalUs } = scaleRate(requestsOf(rows, 104 * 60e6), 5, 1);
  // The rate is known by windows of up to ten minutes.
  expect([...arrivalUs].some((us) => us > 15 * 60e6 && us < 90 * 60e6)).toBe(false);
});

test('a factor of 1 changes nothing', () => {
  expect(scaleRate(POISSON, 1, 1)).toBe(POISSON);
});

test.each([0, -1, NaN, Infinity])('a factor of %d is refused', (factor) => {
  expect(() => scaleRate(POISSON, factor, 1)).toThrow(`factor must be a number above 0, got: ${factor}`);
});

test('a factor that makes more requests than memory holds is refused', () => {
  expect(() => scaleRate(POISSON, 1e6, 1)).toThrow(
    /^factor 1000000 makes more than 20000000 of \d+ requests: lower it$/,
  );
});

test('a factor that leaves no request says so', () => {
  const few = requestsOf([
    [0, 1, 1],
    [60e6, 1, 1],
  ]);
  expect(() => scaleRate(few, 1e-9, 1)).toThrow('factor 1e-9 leaves none of 2 requests: raise it');
});
