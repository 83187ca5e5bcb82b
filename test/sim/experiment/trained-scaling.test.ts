import { clairvoyantPolicy } from '../../../sim/experiment/policies/clairvoyant';
import type { Policy } from '../../../sim/experiment/policy';
import type { Scenario } from '../../../sim/experiment/scenario';
import { score } from '../../../sim/experiment/score';
import { simulate } from '../../../sim/experiment/simulate';
import { oneOfEach, type TrainedScaling, trainScaling, withScaling } from '../../../sim/experiment/trained-scaling';
import { sliceDays } from '../../../sim/workload/span';
import { synthesize } from '../../../sim/workload/synthesize';
import { inferenceComponent32b } from '../../../sim/world/presets';
import { tiny } from './tiny-scenario';

const SEED = 0;

/** The writer takes as many requests as it can: by its target, its latency and its cost differ. */
const busy: Scenario = {
  ...tiny,
  workload: { ...tiny.workload, meanRatePerSecond: 0.6 },
  world: {
    ...tiny.world,
    components: {
      ...tiny.world.components,
      writer: { ...tiny.world.components.writer!, copy: inferenceComponent32b.copy } as typeof inferenceComponent32b,
    },
  },
};

function p95MsOf(scenario: Scenario, scaling: TrainedScaling, policies: readonly Policy[] = []): number {
  const requests = sliceDays(synthesize(scenario.workload, SEED), 0, scenario.trainingDays);
  const world = withScaling(scenario.world, scaling);
  const initialCopies = oneOfEach(scenario);
  const outcome = simulate({ scenario, world, requests, seed: SEED, scoreFromUs: 0, initialCopies, policies });
  return score(outcome, requests.durationUs, scenario.objective.p95Ms).row.p95Ms ?? Infinity;
}

const raised = (scaling: TrainedScaling, factor: number): TrainedScaling =>
  Object.fromEntries(
    Object.entries(scaling).map(([name, each]) => [
      name,
      { ...each, targetConcurrency: Math.ceil(each.targetConcurrency * factor) },
    ]),
  );

test.each([['target tracking', []] as const, ['a clairvoyant deployment', [clairvoyantPolicy()]] as const])(
  'the targets of %s reach the aim over the training span, and half as much again does not',
  (_, policies) => {
    const aimMs = 17_000;
    const trained = trainScaling(busy, { policies, aimMs }, SEED);
    expect(p95MsOf(busy, trained, policies)).toBeLessThanOrEqual(aimMs);
    expect(p95MsOf(busy, raised(trained, 1.5), policies)).toBeGreaterThan(aimMs);
  },
);

test('each component has the same share of what a copy of it takes: the smaller model the higher target', () => {
  const trained = trainScaling(busy, { policies: [], aimMs: 17_000 }, SEED);
  expect(Object.keys(trained)).toEqual(['planner', 'writer']);
  expect(trained.planner!.targetConcurrency).toBeGreaterThan(trained.writer!.targetConcurrency);
});

test('only those components keep a copy that the aim cannot do without: none, one after another, or all', () => {
  const rare: Scenario = {
    ...tiny,
    agent: { ...tiny.agent, timeoutMs: 3600_000 },
    workload: { ...tiny.workload, days: 2, meanRatePerSecond: 1 / 3600 },
    trainingDays: 1,
  };
  const keptAt = (aimMs: number) =>
    Object.entries(trainScaling(rare, { policies: [], aimMs }, SEED)).flatMap(([name, { minCopies }]) =>
      minCopies > 0 ? [name] : [],
    );
  const oneStartAfterAnotherMs = p95MsOf(rare, trainScaling(rare, { policies: [], aimMs: 3600_000 }, SEED));
  expect(keptAt(3600_000)).toEqual([]);
  // The planner is the least busy.
  expect(keptAt(0.6 * oneStartAfterAnotherMs)).toEqual(['writer']);
  expect(keptAt(60_000).toSorted()).toEqual(['planner', 'writer']);
});

test('an aim that no target reaches gives the lowest ones, with a copy that stays', () => {
  const trained = trainScaling(tiny, { policies: [], aimMs: 1 }, SEED);
  expect(trained.writer).toEqual({ targetConcurrency: 1, minCopies: 1 });
  expect(trained.planner!.minCopies).toBe(1);
});

test('what was trained takes the place of what the scenario says, and nothing else changes', () => {
  const trained: TrainedScaling = { writer: { targetConcurrency: 17, minCopies: 2 } };
  const { components, ...rest } = withScaling(tiny.world, trained);
  const { components: before, ...restBefore } = tiny.world;
  expect(rest).toEqual(restBefore);
  expect(components.planner).toEqual(before.planner);
  expect(components.search).toEqual(before.search);
  expect(components.writer).toMatchObject({ scaling: { targetConcurrency: 17, minCopies: 2, maxCopies: 16 } });
});
