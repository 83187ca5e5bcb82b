import { type GraphError, graph, model } from 'cdk-compound-inference/graph';
import { Engine } from 'cdk-compound-inference/run';
import { z } from 'zod';
import { RECOMMENDED_POLICIES } from '../../../core/graph/call-policies';
import { VirtualClock } from '../run/support/virtual-clock';

const agentWith = (options: object, header: object = {}) =>
  graph('agent', { input: z.any(), ...header })
    .node('answer', { call: model('writer', options), input: () => 'Hi' })
    .output(() => 0);

function faultsOf(make: () => unknown): string[] {
  try {
    make();
  } catch (error) {
    return (error as GraphError).faults.map(({ path, message }) => `${path} ${message}`);
  }
  return [];
}

test('the recommended policies have no fault, and are described as they are', () => {
  const agent = agentWith({ ...RECOMMENDED_POLICIES, singleFlight: true });
  expect(agent.describe().components[0]).toMatchObject({ ...RECOMMENDED_POLICIES, singleFlight: true });
});

test.each([
  [{ hedge: { budget: 0 } }, 'answer.call.hedge.budget must be a share above 0, up to 1, got: 0'],
  [{ hedge: { afterMs: 0 } }, 'answer.call.hedge.afterMs must be a positive number of milliseconds, got: 0'],
  [{ hedge: { after: 5 } }, 'answer.call.hedge.after is no option here (options: afterMs, budget)'],
  [{ singleFlight: 'yes' }, 'answer.call.singleFlight must be true or false, got: "yes"'],
  [{ cache: {} }, 'answer.call.cache.forMs must be a positive number of milliseconds, got: undefined'],
  [{ cache: { forMs: 1, key: [] } }, 'answer.call.cache.key must be a list of one or more field names, got: []'],
  [{ breaker: { failureRatio: 2 } }, 'answer.call.breaker.failureRatio must be a share above 0, up to 1, got: 2'],
  [{ breaker: { probes: 0 } }, 'answer.call.breaker.probes must be a whole number from 1, got: 0'],
])('%j is refused', (options, fault) => {
  expect(faultsOf(() => agentWith(options))).toEqual([fault]);
});

test('a budget must be positive', () => {
  expect(faultsOf(() => agentWith({}, { budgetUsd: 0 }))).toEqual([
    'budgetUsd must be a positive number of US dollars, got: 0',
  ]);
});

test('an engine that has no policies refuses a graph that asks for some', async () => {
  const engine = new Engine({ caller: () => Promise.reject(), clock: new VirtualClock(), random: () => 0.5 });
  await expect(engine.run(agentWith({ singleFlight: true }), {})).rejects.toThrow(
    'component "writer" has call policies: give the engine `policies: callPolicies()`',
  );
});
