import type { AgentNode } from '../../../sim/agent/agent-model';
import { componentLoads } from '../../../sim/experiment/component-loads';
import { capacityOf } from '../../../sim/profiles/capacity';
import { inferenceComponent8b } from '../../../sim/world/presets';
import { requestsOf } from '../workload/support';
import { tiny } from './tiny-scenario';

/** A hundred requests, the first half of 100 and 20 tokens, the second of 300 and 60. */
const requests = requestsOf(Array.from({ length: 100 }, (_, at) => [at * 1e6, at < 50 ? 100 : 300, at < 50 ? 20 : 60]));

const { planner, search } = tiny.world.components;
const world = { ...tiny.world, components: { small: planner!, unused: planner!, search: search! } };
const loadsOf = (...nodes: readonly object[]) => {
  const each = nodes.map((node, at) => ({ id: `n${at}`, needs: [], component: 'small', ...node }));
  return componentLoads({ world, agent: { timeoutMs: 1e6, nodes: each } }, requests, 1);
};

test('a single call brings the mean tokens of the requests', () => {
  expect(loadsOf({})).toEqual([
    expect.objectContaining({ component: 'small', callsPerRequest: 1, promptTokens: 200, outputTokens: 40 }),
  ]);
});

test('calls of several nodes and of the items of a map add up, and their tokens are means over all calls', () => {
  const [load] = loadsOf({}, { items: 3, promptTokens: 40, outputTokens: 8 });
  expect(load).toMatchObject({ callsPerRequest: 4, promptTokens: (200 + 3 * 40) / 4, outputTokens: (40 + 3 * 8) / 4 });
});

test('a branch counts as often as it is taken, and one that never is leaves its component out', () => {
  const [load] = loadsOf({ probability: 0.5 });
  expect(load!.callsPerRequest).toBeGreaterThan(0.35);
  expect(load!.callsPerRequest).toBeLessThan(0.65);
  expect(loadsOf({ probability: 0 })).toEqual([]);
});

test('a branch of a client counts for the requests of that client alone', () => {
  const ofSecond = {
    names: ['first', 'second'],
    positions: Uint8Array.from(requests.arrivalUs, (_, at) => +(at >= 50)),
  };
  const node = (probability: AgentNode['probability']) => ({ id: 'n', needs: [], component: 'small', probability });
  const loadOf = (probability: AgentNode['probability']) => {
    const agent = { timeoutMs: 1e6, nodes: [node(probability)] };
    return componentLoads({ world, agent }, { ...requests, clients: ofSecond }, 1)[0];
  };
  expect(loadOf({ second: 1 })).toMatchObject({ callsPerRequest: 0.5, promptTokens: 300, outputTokens: 60 });
  expect(loadOf({ first: 1, second: 1 })).toMatchObject({ callsPerRequest: 1 });
  expect(loadOf({ third: 1 })).toBeUndefined();
});

test('tools bring no load', () => {
  expect(loadsOf({ component: 'search' })).toEqual([]);
});

test('work is the time of a copy at its throughput knee', () => {
  const [load] = loadsOf({ items: 2 });
  const { points, kneeConcurrency } = capacityOf(inferenceComponent8b.copy, { promptTokens: 200, outputTokens: 40 });
  expect(load!.copySecondsPerRequest).toBeCloseTo(2 / points[kneeConcurrency - 1]!.throughputRps, 10);
});
