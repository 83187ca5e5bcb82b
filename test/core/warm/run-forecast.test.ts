import fc from 'fast-check';
import {
  EMPTY_WARM_STATE,
  forecastRun,
  learnColdStart,
  learnRun,
  NO_KNOWLEDGE,
  WARM_POLICIES,
  type WarmKnowledge,
} from '../../../core/warm';
import { chainOf } from './support/graphs';
import { COLD, componentsOf, configOf, newRequest, observe, WARM } from './support/worlds';

const COLD_START_MS = 300_000;
const NODE_MS = 5_000;
const REACTION_MS = 60_000;
const NOW_MS = 1_000_000_000;

/** A thousand runs whose nodes all took 5 s and whose cold starts all took 5 min. */
function wellKnown(graph = chainOf(4)): WarmKnowledge {
  let knowledge = NO_KNOWLEDGE;
  for (let i = 0; i < 1_000; i++) {
    const outcomes = graph.nodes.map(({ id }) => [id, { status: 'succeeded' as const, durationMs: NODE_MS }]);
    knowledge = learnRun(knowledge, graph, Object.fromEntries(outcomes), NOW_MS);
    for (const name of componentsOf(graph)) {
      knowledge = learnColdStart(knowledge, name, 'new-instance', COLD_START_MS, NOW_MS);
    }
  }
  return knowledge;
}

function startOfLastMs(stages: number, policy: keyof typeof WARM_POLICIES): number {
  const graph = chainOf(stages);
  const request = newRequest(graph);
  const observation = observe(graph, [request], COLD, { knowledge: wellKnown(graph) });
  const { state } = WARM_POLICIES[policy](EMPTY_WARM_STATE, observation, configOf(graph), NOW_MS);
  const forecast = forecastRun(request, state, observation, configOf(graph), NOW_MS)!;
  return forecast.nodes(0.5)[`n${stages - 1}`]!.startMs;
}

test.each([2, 3, 4])(
  'a path of %i cold stages waits for the longest of its cold starts, not for their sum',
  (stages) => {
    const sumMs = stages * (REACTION_MS + COLD_START_MS) + (stages - 1) * NODE_MS;
    expect(startOfLastMs(stages, 'none') / sumMs).toBeCloseTo(1, 1);
    const maximumMs = COLD_START_MS + (stages - 1) * NODE_MS;
    expect(startOfLastMs(stages, 'entry') / maximumMs).toBeLessThan(1.15);
  },
);

test('a run of which only the begin is known is as far as its nodes take it, and waits for copies', () => {
  const graph = chainOf(2);
  const knowledge = wellKnown(graph);
  const arrivalMs = (status: typeof COLD) => {
    const request = { ...newRequest(graph), sinceMs: NOW_MS - 3_000 };
    const components = { m0: status, m1: COLD };
    const observation = observe(graph, [request], COLD, { knowledge, components });
    return forecastRun(request, EMPTY_WARM_STATE, observation, configOf(graph), NOW_MS)!.nodes(0.5).n1!.arrivalMs;
  };
  expect(arrivalMs(WARM)).toBeCloseTo(NODE_MS - 3_000, -2);
  expect(arrivalMs({ ...WARM, servesSinceMs: NOW_MS - 1_000 })).toBeCloseTo(NODE_MS - 1_000, -2);
  expect(arrivalMs(COLD)).toBeGreaterThan(0.9 * (REACTION_MS + COLD_START_MS));
});

test('a node with a join is reached when so few of its needs have ended as may meet it', () => {
  const nodes = [
    { id: 'quick', needs: [], component: 'quick', conditional: false },
    { id: 'slow', needs: [0], component: 'slow', conditional: false },
    { id: 'joined', needs: [0, 1], fewestNeeds: 1, component: 'joined', conditional: false },
  ];
  const arrivalMs = (graph: Parameters<typeof newRequest>[0]) => {
    const request = newRequest(graph);
    const observation = observe(graph, [request], WARM, { knowledge: wellKnown(graph) });
    return forecastRun(request, EMPTY_WARM_STATE, observation, configOf(graph), NOW_MS)!.nodes(0.5).joined!.arrivalMs;
  };
  expect(arrivalMs({ name: 'first', nodes }) / NODE_MS).toBeCloseTo(1, 1);
  expect(
    arrivalMs({ name: 'all', nodes: nodes.map((node) => ({ ...node, fewestNeeds: node.needs.length })) }) / NODE_MS,
  ).toBeCloseTo(2, 1);
});

test('a node is reached when the last of what it needs has ended', () => {
  const diamond = {
    name: 'diamond',
    nodes: [
      { id: 'a', needs: [], component: 'a', conditional: false },
      { id: 'b', needs: [0], component: 'b', conditional: false },
      { id: 'c', needs: [], component: 'c', conditional: false },
      { id: 'd', needs: [1, 2], component: 'd', conditional: false },
    ],
  };
  const observation = observe(diamond, [], WARM, { knowledge: wellKnown(diamond) });
  const forecast = forecastRun(newRequest(diamond), EMPTY_WARM_STATE, observation, configOf(diamond), NOW_MS)!;
  const { c, d } = forecast.nodes(0.5);
  expect(c!.arrivalMs).toBe(0);
  expect(d!.arrivalMs / (2 * NODE_MS)).toBeCloseTo(1, 1);
});

test('a node that runs has less of its duration left, and one that has ended none', () => {
  const graph = chainOf(3);
  const observation = observe(graph, [], WARM, { knowledge: wellKnown(graph) });
  const request = newRequest(graph, { n0: { status: 'ended' }, n1: { status: 'running', sinceMs: NOW_MS - 4_000 } });
  const { n1, n2 } = forecastRun(request, EMPTY_WARM_STATE, observation, configOf(graph), NOW_MS)!.nodes(0.5);
  expect(n1!.arrivalMs).toBe(0);
  expect(n2!.arrivalMs).toBeGreaterThan(500);
  expect(n2!.arrivalMs).toBeLessThan(1_500);
});

test('warming a component never makes a node later', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 6 }), fc.nat(5), (stages, pick) => {
      const graph = chainOf(stages);
      const observation = observe(graph, []);
      const forecast = forecastRun(newRequest(graph), EMPTY_WARM_STATE, observation, configOf(graph), NOW_MS)!;
      const before = forecast.nodes(0.5);
      forecast.warm(`m${pick % stages}`);
      const after = forecast.nodes(0.5);
      for (const { id } of graph.nodes) expect(after[id]!.startMs).toBeLessThanOrEqual(before[id]!.startMs);
    }),
  );
});

test('a component that two nodes call starts once', () => {
  const twice = {
    name: 'twice',
    nodes: [
      { id: 'draft', needs: [], component: 'writer', conditional: false },
      { id: 'final', needs: [0], component: 'writer', conditional: false },
    ],
  };
  const observation = observe(twice, [], COLD, { knowledge: wellKnown(twice) });
  const forecast = forecastRun(newRequest(twice), EMPTY_WARM_STATE, observation, configOf(twice), NOW_MS)!;
  const { draft, final } = forecast.nodes(0.5);
  expect(final!.startMs - draft!.startMs).toBeLessThan(2 * NODE_MS);
});

test('a run wants nothing of a component whose nodes have ended or were skipped', () => {
  const graph = chainOf(2);
  const request = newRequest(graph, { n0: { status: 'ended' }, n1: { status: 'skipped' } });
  const forecast = forecastRun(request, EMPTY_WARM_STATE, observe(graph, []), configOf(graph), NOW_MS)!;
  expect(forecast.components()).toEqual([]);
  expect(forecast.wish('m1')).toBeUndefined();
});
