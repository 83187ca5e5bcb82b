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

test('a workload without enough requests in one of its halves is refused', () => {
  const requests = {
    count: 3,
    arrivalUs: Float64Array.of(1, 2, 3e6),
    promptTokens: Uint32Array.of(1, 1, 1),
    outputTokens: Uint32Array.of(1, 1, 1),
    durationUs: 4e6,
  };
  expect(() => planFor(twoModels(), { kind: 'trace', requests })).toThrow(
    'each half of the workload needs at least 40 requests after its first tenth, and one has 0: take a longer one',
  );
});
