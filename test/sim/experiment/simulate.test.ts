import { planAgent } from '../../../sim/agent/agent-plan';
import { neededTokens } from '../../../sim/agent/needed-tokens';
import { misworked } from '../../../sim/experiment/misworked';
import { type RunSettings, simulate } from '../../../sim/experiment/simulate';
import type { RoutingStrategy } from '../../../sim/serving/router';
import { firstFrom } from '../../../sim/workload/span';
import { synthesize } from '../../../sim/workload/synthesize';
import { inferenceComponent8b, singleGpuFleet } from '../../../sim/world/presets';
import type { WorldModel } from '../../../sim/world/world-model';

const requests = synthesize(
  {
    days: 0.05,
    meanRatePerSecond: 0.2,
    clients: [{ cv: 4 }],
    promptTokens: { lognormal: { p50: 500, p95: 2000 } },
    outputTokens: { lognormal: { p50: 100, p95: 300 } },
  },
  1,
);
const agent = {
  timeoutMs: 900_000,
  nodes: [
    { id: 'plan', needs: [], component: 'planner' },
    { id: 'facts', needs: ['plan'], component: 'search', items: 3 },
    { id: 'expert', needs: ['plan'], component: 'expert', probability: 0.05 },
    { id: 'answer', needs: ['facts', 'expert'], component: 'planner' },
  ],
};
const scaling = { ...inferenceComponent8b.scaling, targetConcurrency: 2, maxCopies: 6 };
const shortage = { insufficientCapacity: 0.3, shortageMinutes: 5 };
const scarce = singleGpuFleet.instances.map((instance) => ({ ...instance, ...shortage }));
const world: WorldModel = {
  fleets: { gpu: { ...singleGpuFleet, instances: scarce } },
  components: {
    planner: { ...inferenceComponent8b, scaling: { ...scaling, minCopies: 1 } },
    expert: { ...inferenceComponent8b, scaling },
    search: { kind: 'tool', durationMs: { lognormal: { p50: 120, p95: 400 } } },
  },
};
const BASE: RunSettings = {
  scenario: { agent, objective: { p95Ms: 20_000 } },
  world,
  requests,
  seed: 1,
  scoreFromUs: Math.floor(requests.durationUs / 2),
};
/** With its beginning, where components are cold. */
const COLD: RunSettings = { ...BASE, scoreFromUs: 0, seriesPoints: 20 };

test('two runs of a world that scales, lacks capacity and starts cold are the same to the last bit', () => {
  const [one, other] = [simulate(COLD), simulate(COLD)];
  expect(one).toEqual(other);
  expect(one.cascade?.depth).toBeGreaterThan(0);
  const another = simulate({ ...COLD, seed: 2 });
  expect(another.log.latencyUs).not.toEqual(one.log.latencyUs);
});

test('fractions of seconds in a scenario end in whole microseconds', () => {
  const rule = { ...scaling.rule, periodSeconds: 10 / 3 };
  const model = {
    ...inferenceComponent8b,
    answerLimitSeconds: 100 / 3,
    scaling: { ...scaling, rule, fromZeroAfterSeconds: 20 / 7 },
  };
  const scaleIn = { ...singleGpuFleet.scaleIn, cooldownMinutes: 10 / 7 };
  const fractional: WorldModel = {
    fleets: { gpu: { ...singleGpuFleet, instances: scarce, scaleIn, provisionTimeoutSeconds: 100 / 3 } },
    components: { ...world.components, planner: model, expert: model },
  };
  const { log } = simulate({ ...COLD, world: fractional });
  expect(log.latencyUs.filter((us) => us < Infinity && !Number.isInteger(us))).toHaveLength(0);
});

test('every request ends, its parts add up to its latency, and only the failed have none', () => {
  const { log, events } = simulate(BASE);
  expect(events).toBeGreaterThan(3 * requests.count);
  for (let at = 0; at < requests.count; at++) {
    const latencyUs = log.latencyUs[at]!;
    const parts = log.queueUs[at]! + log.serviceUs[at]! + log.coldUs[at]! + log.retryUs[at]! + log.orchestrationUs[at]!;
    expect(parts).toBe(latencyUs === Infinity ? 0 : latencyUs);
  }
});

test('what is watched does not change, and looking does not either', () => {
  const calls = { starts: 0, nodeStarts: 0, nodeEnds: 0, ends: 0 };
  const watched = simulate({
    ...BASE,
    seriesPoints: 50,
    policies: [
      () => ({
        onRunStart: () => calls.starts++,
        onNodeStart: () => calls.nodeStarts++,
        onNodeEnd: () => calls.nodeEnds++,
        onRunEnd: () => calls.ends++,
      }),
    ],
  });
  expect(watched.log).toEqual(simulate(BASE).log);
  expect(calls).toMatchObject({ starts: requests.count, nodeEnds: 4 * requests.count, ends: requests.count });
  expect(calls.nodeStarts).toBeLessThan(3.2 * requests.count);
});

test('a spend counts from the moment that scores count, and so do requests', () => {
  const settings = { ...BASE, fixedCopies: { planner: 2, expert: 1 } };
  const whole = simulate({ ...settings, scoreFromUs: 0 });
  const half = simulate(settings);
  expect(whole.firstScored).toBe(0);
  expect(requests.arrivalUs[half.firstScored]).toBeGreaterThanOrEqual(BASE.scoreFromUs);
  expect(requests.arrivalUs[half.firstScored - 1]).toBeLessThan(BASE.scoreFromUs);
  expect(half.instanceHours).toBeCloseTo((3 * requests.durationUs) / 2 / 3600e6);
  expect(whole.costUsd).toBeCloseTo(2 * half.costUsd);
  expect(half.log).toEqual(whole.log);
});

test('the series begins where scores do, without the requests before it', () => {
  const { series } = simulate({ ...BASE, seriesPoints: 20 });
  const intervalSeconds = (requests.durationUs - BASE.scoreFromUs) / 20e6;
  expect(series!.atSeconds[0]).toBe(Math.round(intervalSeconds));
  const atMost = requests.count - firstFrom(requests, BASE.scoreFromUs);
  const seen = series!.requestsPerSecond.slice(0, 20).reduce((sum, rate) => sum + rate * intervalSeconds, 0);
  expect(seen).toBeGreaterThan(0.9 * atMost);
  expect(seen).toBeLessThanOrEqual(atMost + 1e-6);
  for (const { component, inService, desired, concurrency } of series!.components) {
    expect([component, inService.length, desired.length, concurrency.length]).toEqual([
      component,
      ...Array(3).fill(series!.atSeconds.length),
    ]);
  }
});

test('the cascade kept is that of the scored request that waited longest for copies', () => {
  const waits: number[] = [];
  const { cascade } = simulate({
    ...COLD,
    policies: [
      () => ({
        onRunEnd: ({ coldUs }, latencyUs) => {
          if (latencyUs < Infinity) waits.push(coldUs);
        },
      }),
    ],
  });
  const coldMs = cascade!.nodes.map((node) => node.coldMs);
  expect(Math.max(...waits)).toBeGreaterThan(0);
  expect(coldMs.reduce((sum, ms) => sum + ms, 0)).toBeGreaterThanOrEqual(Math.max(...waits) / 1000);
  for (const { startMs, endMs } of cascade!.nodes) expect(endMs).toBeGreaterThan(startMs);
  expect(Math.max(...cascade!.nodes.map(({ endMs }) => endMs))).toBe(cascade!.latencyMs);
});

test('where copies do not fail for want of load, sequence is no faster than parallel', () => {
  const settings = { ...BASE, fixedCopies: { planner: 6, expert: 6 } };
  const [parallel, sequential] = [simulate(settings), simulate({ ...settings, isSequential: true })];
  const slower = parallel.log.latencyUs.filter((latencyUs, at) => sequential.log.latencyUs[at]! >= latencyUs * 0.999);
  expect(slower.length / requests.count).toBeGreaterThan(0.95);
});

test('the first request from a moment on is found by halves', () => {
  const list = { ...requests, arrivalUs: Float64Array.of(5, 10, 10, 20), count: 4 };
  expect([0, 5, 6, 10, 11, 20, 21].map((fromUs) => firstFrom(list, fromUs))).toEqual([0, 0, 1, 1, 3, 3, 4]);
});

test('whatever a request meets, its calls ask for what it needs', () => {
  const plan = planAgent(agent, Object.keys(world.components), { isSequential: false });
  const needed = neededTokens(plan, requests, BASE.seed);
  expect(misworked(simulate(COLD), needed)).toBe(0);
  expect(misworked(simulate({ ...BASE, isSequential: true }), needed)).toBe(0);
  expect(misworked(simulate({ ...COLD, seed: 2 }), needed)).toBeGreaterThan(0);
});

test('a run that begins late meets the requests from there on, as if it had always run', () => {
  const hour = 3600e6;
  const fixedCopies = { planner: 3, expert: 1 };
  const whole = simulate({ ...BASE, fixedCopies, scoreFromUs: hour + 600e6 });
  const late = simulate({ ...BASE, fixedCopies, scoreFromUs: hour + 600e6, startUs: hour });
  expect(late.log.latencyUs.subarray(late.firstScored)).toEqual(whole.log.latencyUs.subarray(whole.firstScored));
  expect(late.costUsd).toBeCloseTo(whole.costUsd, 9);
  expect(late.events).toBeLessThan(whole.events);
});

describe('prompts that share a prefix', () => {
  /** Five copies and fifty prefixes, of which one holds the caches of ten. */
  const run = (routing: RoutingStrategy, isShared: boolean, isPrefixFree = false) => {
    const node = {
      id: 'answer',
      needs: [],
      component: 'planner',
      promptTokens: { request: 'promptTokens', plus: 6000 } as const,
      ...(isShared && { sharedPrefix: { tokens: 6000, variants: 50 } }),
    };
    const planner = { ...inferenceComponent8b, copy: { ...inferenceComponent8b.copy, kvCacheTokens: 90_000 }, routing };
    return simulate({
      ...BASE,
      scenario: { ...BASE.scenario, agent: { timeoutMs: 900_000, nodes: [node] } },
      world: { ...world, components: { planner } },
      scoreFromUs: 0,
      fixedCopies: { planner: 5 },
      isPrefixFree,
    });
  };
  const meanMs = ({ log }: ReturnType<typeof simulate>) =>
    log.latencyUs.reduce((sum, us) => sum + us, 0) / log.latencyUs.length / 1000;
  const aware = { strategy: 'PREFIX_AWARE', prefixLength: 4096, concurrencyThreshold: 8 } as const;

  test('answer the same, sooner where copies keep them, and soonest where calls go to those copies', () => {
    const [none, least, prefixAware] = [
      run('LEAST_OUTSTANDING_REQUESTS', false),
      run('LEAST_OUTSTANDING_REQUESTS', true),
      run(aware, true),
    ];
    expect([least.log.tokens, prefixAware.log.tokens]).toEqual([none.log.tokens, none.log.tokens]);
    expect(meanMs(least)).toBeLessThan(meanMs(none));
    expect(meanMs(prefixAware)).toBeLessThan(0.97 * meanMs(least));
    expect(run(aware, true)).toEqual(prefixAware);
  });

  test('take no less than if every copy had them from the start', () => {
    expect(meanMs(run(aware, true, true))).toBeLessThan(meanMs(run(aware, true)));
  });

  test('are routed as ever where none are shared', () => {
    expect(run(aware, false)).toEqual(run('LEAST_OUTSTANDING_REQUESTS', false));
  });
});
