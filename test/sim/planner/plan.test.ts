import { makePlan } from '../../../sim/planner/plan';
import type { PlannedSystem } from '../../../sim/planner/planned-system';
import type { PlanWorkload } from '../../../sim/planner/spans';
import { OFFERS, QUIET, twoModels } from './support';

const planFor = (system: PlannedSystem, workload: PlanWorkload = QUIET) =>
  makePlan({ system, workload, offers: OFFERS, seeds: 3 });

/** Long enough for instances to go. */
const HOURS: PlanWorkload = {
  kind: 'synthetic',
  model: { days: 0.3, meanRatePerSecond: 0.03, promptTokens: 500, outputTokens: 100 },
};

const busy = planFor(twoModels());

test('a plan meets its objective on requests that it was not tuned on, and its copies stay within their bounds', () => {
  expect(busy.p95Ms!.mean).toBeLessThanOrEqual(10_000);
  expect(busy).toMatchObject({ seeds: 3, seedsWithin: 3, errorShare: 0 });
  for (const [name, { min, max, targetConcurrency }] of Object.entries(busy.deployment.copies)) {
    expect(min).toBeLessThanOrEqual(busy.peakCopies[name]!);
    expect(busy.peakCopies[name]).toBeLessThanOrEqual(max);
    expect(targetConcurrency).toBeGreaterThanOrEqual(1);
  }
  expect(busy.instances.most).toBeLessThanOrEqual(busy.deployment.maxInstances);
});

test('where one copy of each is enough, nothing scales, and the cheapest instances that hold them are billed for a month', () => {
  const { deployment, usdPerMonth } = busy;
  expect(deployment.offer.type).toBe('ml.g7e.2xlarge');
  expect(deployment.copies).toMatchObject({ writer: { min: 1, max: 1 }, expert: { min: 1, max: 1 } });
  expect(usdPerMonth.mean).toBeCloseTo(2 * 4.2039 * 730, 0);
  expect([usdPerMonth.low, usdPerMonth.high]).toEqual([usdPerMonth.mean, usdPerMonth.mean]);
});

test('a component that few requests reach has no copy at rest, if those that wait for one do not decide the P95', () => {
  const { deployment, usdPerMonth, staticFleet, coldShare } = planFor(twoModels({ expertProbability: 0.004 }), HOURS);
  expect(deployment.copies.expert!.min).toBe(0);
  expect(deployment.copies.writer!.min).toBe(1);
  expect(coldShare).toBeGreaterThan(0);
  expect(usdPerMonth.mean).toBeLessThan(staticFleet!.usdPerMonth.mean);
});

test('the same input gives the same plan', () => {
  expect(planFor(twoModels())).toEqual(busy);
});

test('an objective that not even warm copies for every request meet says what is possible, and which component takes it', () => {
  const system = twoModels({ p95Ms: 500 });
  const slow = { ...system, services: { search: { kind: 'tool', durationMs: 5000 } as const } };
  expect(() => planFor(slow)).toThrow(
    /^no deployment reaches a P95 of 0\.500 s: with a warm copy for every request it is [67]\.\d\d s on ml\.g7e\.\w+, of which search takes [34]\.\d\d s: raise --objective, /,
  );
});

/** Requests at these seconds. */
function trace(seconds: readonly number[], endSeconds: number): PlanWorkload {
  const tokens = Uint32Array.from(seconds, () => 100);
  const arrivalUs = Float64Array.from(seconds, (at) => Math.round(at * 1e6));
  const requests = { count: seconds.length, arrivalUs, promptTokens: tokens, outputTokens: tokens };
  return { kind: 'trace', requests: { ...requests, durationUs: endSeconds * 1e6 } };
}

test.each([
  ['in all', [1], 'the whole has 1'],
  ['in one of its halves', Array.from({ length: 60 }, (_, at) => 3000 + at), 'one has 0'],
])('a workload without enough requests %s is refused', (_, seconds, fault) => {
  expect(() => planFor(twoModels(), trace(seconds, 4000))).toThrow(
    `each half of the workload needs at least 40 requests after its first tenth, and ${fault}: take a longer one`,
  );
});

/** In each half, 60 requests within three seconds, twice, and nothing else: ten minutes tell little of such a load. */
const BURSTS = trace(
  [100, 400, 800, 1100].flatMap((start) => Array.from({ length: 60 }, (_, at) => start + at / 20)),
  1400,
);

/** One that a copy works on alone, so that a burst waits where there are no copies for all of it. */
function oneByOne(timeoutMs: number, p95Ms: number): PlannedSystem {
  const { agent, hosted, ...system } = twoModels({ p95Ms });
  const single = hosted.map(({ variants, ...component }) => ({
    ...component,
    variants: variants.map((variant) => ({ ...variant, copy: { ...variant.copy, maxSequences: 1 } })),
  }));
  return { ...system, hosted: single, agent: { ...agent, timeoutMs } };
}

test('a load of short bursts gets copies for the bursts, however many times the usual peak they are', () => {
  const { p95Ms, errorShare, deployment } = planFor(oneByOne(15_000, 15_000), BURSTS);
  expect(p95Ms!.mean).toBeLessThanOrEqual(15_000);
  expect(errorShare).toBe(0);
  expect(deployment.copies.writer!.min).toBeGreaterThan(4);
});

test('bursts that no copies catch are named as what they are, with what the best of the plans leaves undone', () => {
  const atOnce = trace(
    [100, 500].flatMap((start) => Array<number>(200).fill(start)),
    800,
  );
  expect(() => planFor(oneByOne(6000, 6000), atOnce)).toThrow(
    /^no deployment that was tried reaches a P95 of 6\.00 s: in the best \d\.\d % of the requests fail, as they take longer than the timeout of the graph, 6\.00 s, though with a warm copy for every request it would be 2\.\d\d s: the load comes in bursts that copies do not catch: raise that timeout and --objective, or spread the load$/,
  );
});

test('an objective longer than the graph lets a request take is refused: raising it further would change nothing', () => {
  expect(() => planFor(oneByOne(15_000, 60_000), BURSTS)).toThrow(
    'a P95 of 60.0 s is longer than the timeout of the graph, 15.0 s, and what takes longer than that has failed: ' +
      'lower --objective, or raise the timeout of the graph',
  );
});
