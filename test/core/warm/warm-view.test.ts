import { HOUR_MS, MINUTE_MS } from '../../../core/time-units';
import {
  type ColdStartPath,
  componentColdStart,
  EMPTY_WARM_STATE,
  forecastRun,
  INSTANCE_STAYS_MS,
  keepAlivePlan,
  learnIdleTime,
  meanMs,
  NO_KNOWLEDGE,
  type WarmComponent,
  type WarmConfig,
  type WarmGraph,
  type WarmKnowledge,
} from '../../../core/warm';
import { betaQuantile } from '../../../core/warm/beta';
import { WarmView } from '../../../core/warm/warm-view';
import { chainOf } from './support/graphs';
import { COLD, configOf, newRequest, observe } from './support/worlds';

const NOW_MS = 1_000 * HOUR_MS;

const BRANCH: WarmGraph = {
  name: 'branch',
  nodes: [{ id: 'deep', needs: [], component: 'deep', conditional: true }],
};

describe('of a branch that no run has met yet', () => {
  const chanceOf = (path: ColdStartPath, costs: Partial<WarmComponent> | undefined) => {
    const components: WarmConfig['components'] = costs ? { deep: { pricePerHourUsd: 1.4, ...costs } } : {};
    const config = { ...configOf(BRANCH), components };
    const observation = observe(BRANCH, [], { ...COLD, path });
    return forecastRun(newRequest(BRANCH), EMPTY_WARM_STATE, observation, config, NOW_MS)!.reach('deep');
  };
  const cautious = betaQuantile(0.3, 0.5, 0.5);

  test('what is started in half a second is as likely as not', () => {
    expect(chanceOf('function', {})).toBe(0.5);
  });

  test('what is dear to start, by its time or by its minimum bill, is judged cautiously', () => {
    expect(chanceOf('new-instance', {})).toBe(cautious);
    expect(chanceOf('function', { minimumBillUsd: 0.02 })).toBe(cautious);
    expect(chanceOf('function', { minimumBillUsd: 0.005 })).toBe(0.5);
  });

  test('from a cent on a start is dear', () => {
    const startMs = meanMs(componentColdStart(NO_KNOWLEDGE, 'deep', 'function', NOW_MS));
    const centPerHourUsd = (0.01 * HOUR_MS) / startMs;
    expect(chanceOf('function', { pricePerHourUsd: 0.99 * centPerHourUsd })).toBe(0.5);
    expect(chanceOf('function', { pricePerHourUsd: 1.01 * centPerHourUsd })).toBe(cautious);
  });

  test('what cannot be warmed is as likely as not', () => {
    expect(chanceOf('new-instance', undefined)).toBe(0.5);
  });
});

const ONE = chainOf(1);

test('a start is that of the path on which it is seen, and one of which nothing is seen is on a new instance', () => {
  const view = new WarmView(observe(ONE, [], { ...COLD, path: 'cached-instance' }), configOf(ONE), NOW_MS);
  const expected = (name: string, path: ColdStartPath) => componentColdStart(NO_KNOWLEDGE, name, path, NOW_MS);
  expect(view.coldStart('m0')).toEqual(expected('m0', 'cached-instance'));
  expect(view.coldStart('unseen')).toEqual(expected('unseen', 'new-instance'));
});

test('what takes work is worked out once', () => {
  const view = new WarmView(observe(ONE, []), configOf(ONE), NOW_MS);
  const { costs } = view.component('m0')!;
  expect(view.component('m0')).toBe(view.component('m0'));
  expect(view.coldStart('m0')).toBe(view.coldStart('m0'));
  expect(view.keepAlive('m0', costs)).toBe(view.keepAlive('m0', costs));
});

test.each<[ColdStartPath, number, number]>([
  ['imported-model', 0, 0],
  ['imported-model', 0.5, 0],
  ['new-instance', 0, INSTANCE_STAYS_MS],
  ['new-instance', 2, INSTANCE_STAYS_MS],
])(
  'to have a copy back on the path %s costs its start, its minimum bill and what stays (%#)',
  (path, billUsd, staysMs) => {
    const costs = { pricePerHourUsd: 6, minimumBillUsd: billUsd, delayPenaltyFactor: 400 };
    const coldStartMs = meanMs(componentColdStart(NO_KNOWLEDGE, 'm0', path, NOW_MS));
    for (let minutes = 2; minutes <= 90; minutes += 2) {
      const knowledge = bothIdleTimes(30_000, minutes * MINUTE_MS);
      const view = new WarmView(observe(ONE, [], { ...COLD, path }, { knowledge }), configOf(ONE), NOW_MS);
      const plan = keepAlivePlan(knowledge.idleTimes.m0, {
        coldStartMs,
        pricePerHourUsd: 6,
        delayPenaltyPerHourUsd: 2_400,
        // An hour costs 6 USD.
        restartMs: coldStartMs + staysMs + billUsd * 10 * MINUTE_MS,
      });
      expect(view.keepAlive('m0', costs).windows).toEqual(plan.windows);
    }
  },
);

function bothIdleTimes(...idleTimesMs: number[]): WarmKnowledge {
  let knowledge = NO_KNOWLEDGE;
  for (const idleMs of idleTimesMs) {
    for (let i = 0; i < 20; i++) knowledge = learnIdleTime(knowledge, 'm0', idleMs, NOW_MS);
  }
  return knowledge;
}
