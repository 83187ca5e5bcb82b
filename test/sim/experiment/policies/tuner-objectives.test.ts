import { learnLatency, NO_DEMAND, NO_FIT, observeDemand } from '../../../../core/scale';
import { HOUR_MS } from '../../../../core/time-units';
import type { AgentModel } from '../../../../sim/agent/agent-model';
import { planAgent } from '../../../../sim/agent/agent-plan';
import { TunedObjectives } from '../../../../sim/experiment/policies/tuner-objectives';
import type { PolicyContext } from '../../../../sim/experiment/policy';
import { Timeline } from '../../../../sim/kernel/timeline';
import { capacityOf } from '../../../../sim/profiles/capacity';
import { synthesize } from '../../../../sim/workload/synthesize';
import { inferenceComponent8b, inferenceComponent32b, singleGpuFleet } from '../../../../sim/world/presets';
import { World } from '../../../../sim/world/world';
import type { WorldModel } from '../../../../sim/world/world-model';

const RUNS = 400;

const requests = synthesize(
  {
    days: 1,
    meanRatePerSecond: 0.01,
    promptTokens: { lognormal: { p50: 500, p95: 2000 } },
    outputTokens: { lognormal: { p50: 200, p95: 500 } },
  },
  1,
);

const worldModel: WorldModel = {
  fleets: { gpu: singleGpuFleet },
  components: {
    planner: inferenceComponent8b,
    expert: inferenceComponent32b,
    writer: inferenceComponent32b,
    search: { kind: 'tool', durationMs: 300 },
  },
};

const agent: AgentModel = {
  timeoutMs: 900_000,
  nodes: [
    { id: 'plan', needs: [], component: 'planner' },
    { id: 'facts', needs: ['plan'], component: 'search', items: 3, concurrency: 1 },
    { id: 'expert', needs: ['plan'], component: 'expert', probability: 0.2 },
    { id: 'join', needs: ['facts', 'expert'] },
    { id: 'answer', needs: ['join'], component: 'writer' },
  ],
};

function tunedFor(p95Ms: number, isSequential = false): TunedObjectives {
  const timeline = new Timeline();
  const components = Object.keys(worldModel.components);
  const context: PolicyContext = {
    timeline,
    world: new World(worldModel, { timeline, seed: 1 }),
    worldModel,
    agent,
    plan: planAgent(agent, components, { isSequential }),
    components,
    objective: { p95Ms },
    requests,
    seed: 1,
  };
  return new TunedObjectives(context, RUNS);
}

const objectivesFor = (p95Ms: number, isSequential?: boolean) => tunedFor(p95Ms, isSequential).all;

const strict = objectivesFor(25_000);

test('every model that scales gets an objective, the larger the more the agent has, and no tool does', () => {
  const loose = objectivesFor(50_000);
  expect([...strict.keys()].toSorted()).toEqual(['expert', 'planner', 'writer']);
  for (const [name, { objectiveMs }] of strict) {
    expect(objectiveMs).toBeGreaterThan(1000);
    expect(objectiveMs).toBeLessThan(25_000);
    expect(loose.get(name)!.objectiveMs).toBeGreaterThan(objectiveMs);
  }
});

test('in sequence the same objective leaves less for each', () => {
  const sequential = objectivesFor(25_000, true);
  expect(sequential.get('writer')!.objectiveMs).toBeLessThan(strict.get('writer')!.objectiveMs);
});

test('targets may go to twice the knee of a copy, where a batch takes as many', () => {
  const meanOf = (tokens: ArrayLike<number>) =>
    Array.from({ length: RUNS }, (_, i) => tokens[i]!).reduce((sum, count) => sum + count, 0) / RUNS;
  const work = { promptTokens: meanOf(requests.promptTokens), outputTokens: meanOf(requests.outputTokens) };
  const { kneeConcurrency, points } = capacityOf(inferenceComponent8b.copy, work);
  expect(strict.get('planner')!.maxTarget / Math.min(2 * kneeConcurrency, points.length)).toBeCloseTo(1, 1);
});

test('targets are bounded by where a copy is as good as idle and where it is as good as full', () => {
  for (const { minTarget, maxTarget } of strict.values()) {
    expect(minTarget).toBeGreaterThanOrEqual(1);
    expect(maxTarget).toBeGreaterThan(2 * minTarget);
    expect(maxTarget).toBeLessThanOrEqual(128);
  }
});

test('an objective that even idle copies miss is split in proportion to what they take', () => {
  const hard = objectivesFor(8000);
  const stretches = ['planner', 'expert', 'writer'].map(
    (name) => hard.get(name)!.objectiveMs / strict.get(name)!.objectiveMs,
  );
  expect(Math.max(...stretches)).toBeLessThan(0.7);
  expect(Math.min(...stretches)).toBeGreaterThan(0.1);
});

test('an objective that the tools miss by themselves is refused', () => {
  expect(() => objectivesFor(800)).toThrow('what does not scale misses the objective of 800 ms by itself');
});

test('a model whose copies are many gets time from those whose copies are few', () => {
  const tuned = tunedFor(60_000);
  const before = tuned.all;
  const learned = [...before].map(([name, { objectiveMs, maxTarget }]) => {
    const idleMs = 0.3 * objectiveMs;
    const fit = Array.from({ length: 40 }, (_, i) => 1 + (i % 10)).reduce(
      (known, c) => learnLatency(known, c, idleMs * (1 + (5 * c) / maxTarget)),
      NO_FIT,
    );
    const concurrent = name === 'writer' ? 4000 : 100;
    const demand = [0, 1].reduce((history, hour) => observeDemand(history, concurrent, hour * HOUR_MS), NO_DEMAND);
    return { name, fit, demand, meanServiceSeconds: idleMs / 2000, minCopies: 0 };
  });
  tuned.move(learned, 1, HOUR_MS);
  expect(tuned.all.get('writer')!.objectiveMs).toBeGreaterThan(before.get('writer')!.objectiveMs);
  expect(tuned.all.get('planner')!.objectiveMs).toBeLessThan(before.get('planner')!.objectiveMs);
});

test('criticality tells who makes late answers late', () => {
  for (const name of ['planner', 'writer']) {
    expect(strict.get(name)!.criticality).toBeGreaterThan(0);
    expect(strict.get(name)!.criticality).toBeLessThanOrEqual(1);
  }
});
