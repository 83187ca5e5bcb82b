import { describeWorkload, gapVariation } from '../../../sim/workload/describe';
import { fingerprint } from '../../../sim/workload/fingerprint';
import { synthesize } from '../../../sim/workload/synthesize';
import { DAILY_SHAPE, type SyntheticWorkload, workloadFaults } from '../../../sim/workload/synthetic';

const FLAT = Array<number>(24).fill(1);
const STEADY: SyntheticWorkload = {
  days: 1,
  meanRatePerSecond: 0.5,
  hourFactors: FLAT,
  promptTokens: 100,
  outputTokens: 10,
};

const perHour = (arrivalUs: Float64Array, hours: number) => {
  const counts = new Float64Array(hours);
  for (const us of arrivalUs) counts[Math.floor(us / 3600e6)]! += 1;
  return counts;
};

test('the same model and seed give the same requests, another seed others', () => {
  const [first, again, other] = [1, 1, 2].map((seed) => fingerprint(synthesize({ ...STEADY, days: 0.1 }, seed)));
  expect(again).toBe(first);
  expect(other).not.toBe(first);
});

test('requests are what a request list promises', () => {
  const requests = synthesize({ ...STEADY, days: 0.3, clients: [{ cv: 13 }], outputTokens: 0.2 }, 1);
  expect(requests.arrivalUs).toHaveLength(requests.count);
  expect(requests.arrivalUs.every((us, i) => Number.isInteger(us) && us >= (requests.arrivalUs[i - 1] ?? 0))).toBe(
    true,
  );
  expect(requests.arrivalUs.at(-1)!).toBeLessThan(requests.durationUs);
  expect(Math.min(...requests.outputTokens)).toBe(1);
});

test.each([
  { cv: 0.3, law: 'gamma' as const, tolerance: 0.02 },
  { cv: 1, law: 'gamma' as const, tolerance: 0.02 },
  { cv: 4, law: 'gamma' as const, tolerance: 0.08 },
  { cv: 4, law: 'weibull' as const, tolerance: 0.1 },
  { cv: 13, law: 'gamma' as const, tolerance: 0.15 },
])('one client of a $law variation of $cv sends at the rate and variation asked for', ({ cv, law, tolerance }) => {
  const { meanRatePerSecond, interArrivalCv } = describeWorkload(synthesize({ ...STEADY, clients: [{ cv, law }] }, 7));
  // Counts of a renewal process vary by the variation of its gaps: three standard deviations.
  expect(Math.abs(meanRatePerSecond / 0.5 - 1)).toBeLessThan((3 * cv) / Math.sqrt(43_200));
  expect(Math.abs(interArrivalCv! / cv - 1)).toBeLessThan(tolerance);
});

test('bursty or not, a day has its shape, hour by hour', () => {
  const days = 10;
  const { arrivalUs } = synthesize(
    { ...STEADY, days, meanRatePerSecond: 0.1, hourFactors: DAILY_SHAPE, clients: [{ cv: 2 }] },
    1,
  );
  const counts = perHour(arrivalUs, 24 * days);
  for (let hour = 0; hour < 24; hour++) {
    let ofDays = 0;
    for (let day = 0; day < days; day++) ofDays += counts[24 * day + hour]!;
    expect(Math.abs(ofDays / days / 360 / DAILY_SHAPE[hour]! - 1)).toBeLessThan(0.15);
  }
});

test('the shape of a day has a mean of 1 and is cut by no clock', () => {
  expect(DAILY_SHAPE.reduce((sum, factor) => sum + factor, 0) / 24).toBeCloseTo(1, 12);
  expect(Math.min(...DAILY_SHAPE)).toBeGreaterThan(0.49);
});

test('factors are ratios: days differ as asked, and the mean of the run stays as asked', () => {
  const { arrivalUs, count } = synthesize(
    { ...STEADY, days: 7, meanRatePerSecond: 0.1, dayFactors: [10, 10, 10, 10, 10, 5, 5] },
    1,
  );
  expect(Math.abs(count / (0.1 * 7 * 86_400) - 1)).toBeLessThan(0.02);
  const ofDay = (day: number) => arrivalUs.filter((us) => Math.floor(us / 86_400e6) === day).length;
  expect(ofDay(5) / ofDay(1)).toBeCloseTo(0.5, 1);
});

test('a spike multiplies the load of its time, and only that', () => {
  const { arrivalUs } = synthesize(
    { ...STEADY, meanRatePerSecond: 1, spikes: [{ startHours: 5.5, durationMinutes: 30, factor: 4 }] },
    1,
  );
  const counts = perHour(arrivalUs, 24);
  expect(counts[4]! / 3600).toBeCloseTo(1, 1);
  expect(counts[5]! / 3600).toBeCloseTo(2.5, 1);
  expect(counts[6]! / 3600).toBeCloseTo(1, 1);
});

test('many bursty clients together are steadier than one', () => {
  const together = (clients: number) =>
    gapVariation(synthesize({ ...STEADY, days: 0.5, clients: Array(clients).fill({ cv: 5 }) }, 1).arrivalUs)!;
  expect(together(30)).toBeLessThan(together(3));
  expect(together(3)).toBeLessThan(together(1));
});

test('clients send by their shares', () => {
  const alone = synthesize({ ...STEADY, meanRatePerSecond: 0.125, clients: [{ cv: 3 }] }, 1);
  const shared = synthesize(
    {
      ...STEADY,
      clients: [
        { cv: 3, share: 1 },
        { cv: 0.01, share: 3 },
      ],
    },
    1,
  );
  const arrivals = new Set(shared.arrivalUs);
  // The first client draws what it would draw alone.
  expect(alone.arrivalUs.every((us) => arrivals.has(us))).toBe(true);
});

test('sessions keep the rate of requests and the load at both ends of the run', () => {
  const { arrivalUs, count } = synthesize(
    {
      ...STEADY,
      sessions: { turns: { lognormal: { p50: 20, p95: 40 } }, thinkSeconds: { exponential: { mean: 600 } } },
    },
    1,
  );
  expect(Math.abs(count / 43_200 - 1)).toBeLessThan(0.05);
  const counts = perHour(arrivalUs, 24);
  expect(counts[0]! / 1800).toBeGreaterThan(0.8);
  expect(counts[23]! / 1800).toBeGreaterThan(0.8);
});

test('sessions of three turns come back after their think time', () => {
  const { arrivalUs } = synthesize({ ...STEADY, meanRatePerSecond: 0.001, sessions: { turns: 3, thinkSeconds: 7 } }, 1);
  const arrivals = new Set(arrivalUs);
  const later = (us: number) => (us + 7e6) % 86_400e6;
  const starts = [...arrivals].filter((us) => arrivals.has(later(us)) && arrivals.has(later(later(us))));
  expect(starts).toHaveLength(arrivals.size / 3);
});

test('tokens have the distributions asked for, and answers may follow requests', () => {
  const lengths = {
    promptTokens: { lognormal: { p50: 1000, p95: 4000 } },
    outputTokens: { lognormal: { p50: 130, p95: 450 } },
  };
  const described = describeWorkload(synthesize({ ...STEADY, ...lengths, days: 0.3 }, 1));
  expect(described.promptTokens.p50 / 1000).toBeCloseTo(1, 1);
  expect(described.promptTokens.p95 / 4000).toBeCloseTo(1, 1);
  expect(described.outputTokens.p50 / 130).toBeCloseTo(1, 1);

  const following = synthesize(
    { ...STEADY, ...lengths, days: 0.01, outputTokens: { request: 'promptTokens', times: 2 } },
    1,
  );
  expect(following.outputTokens.every((tokens, i) => tokens === 2 * following.promptTokens[i]!)).toBe(true);
});

test.each<[object, string]>([
  [{ days: 0 }, 'workload.days must be a number above 0, got: 0'],
  [{ meanRatePerSecond: -1 }, 'workload.meanRatePerSecond must be a number above 0, got: -1'],
  [{ hourFactors: [1, 2] }, 'workload.hourFactors must be a list of 24 numbers, not all of them 0'],
  [{ dayFactors: Array(7).fill(0) }, 'workload.dayFactors must be a list of 7 numbers, not all of them 0'],
  [{ clients: [{ cv: 0 }] }, 'workload.clients[0].cv must be a number from 0.01 to 100, got: 0'],
  [{ clients: [{ cv: 1, law: 'pareto' }] }, 'workload.clients[0].law must be one of gamma, weibull, got: "pareto"'],
  [
    { spikes: [{ startHours: 30, durationMinutes: 5, factor: 2 }] },
    'workload.spikes[0].startHours must be below 24, the end, got: 30',
  ],
  [{ sessions: { turns: 3 } }, 'workload.sessions.thinkSeconds must be a number or an object with one of'],
  [
    { promptTokens: { request: 'outputTokens' } },
    'workload.promptTokens cannot follow the tokens of the request: it makes them',
  ],
  [{ outputTokens: { request: 'outputTokens' } }, 'workload.outputTokens cannot follow itself'],
  [{ rate: 3 }, 'workload.rate is none of days, meanRatePerSecond'],
])('a workload with %j is refused', (change, fault) => {
  const model = { ...STEADY, ...change };
  const faults = [...workloadFaults('workload', model)];
  expect(faults).toEqual([expect.stringContaining(fault)]);
  expect(() => synthesize(model, 1)).toThrow(fault);
});

test('a workload that gives no request says so', () => {
  expect(() => synthesize({ ...STEADY, days: 0.001, meanRatePerSecond: 1e-6 }, 1)).toThrow(
    'workload gives no requests: raise workload.days or workload.meanRatePerSecond',
  );
  const factors = FLAT.map((_, hour) => (hour < 12 ? 0 : 1));
  expect(() => synthesize({ ...STEADY, days: 0.25, hourFactors: factors }, 1)).toThrow(
    'workload.hourFactors and workload.dayFactors leave no load in the run',
  );
});

test.each<Partial<SyntheticWorkload>>([
  { days: 100, meanRatePerSecond: 10 },
  { spikes: [{ startHours: 1, durationMinutes: 60, factor: 1e6 }] },
])('a workload with %j, more than memory holds, is refused', (change) => {
  expect(() => synthesize({ ...STEADY, ...change }, 1)).toThrow(
    /^workload gives \d+ requests, more than 20000000: lower/,
  );
});
