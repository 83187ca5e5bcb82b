import type { AgentModel } from '../../../sim/agent/agent-model';
import { type Answer, requestsEvery, runAgent } from './support';

const agent: AgentModel = {
  timeoutMs: 60_000,
  orchestration: { runMs: 0, callMs: 0 },
  nodes: [{ id: 'answer', needs: [], component: 'writer', hedge: { afterMs: 2000, budget: 1 } }],
};
const seconds = (count: number) => count * 1e6;

/** The first try takes ten seconds, the second one. */
const slowFirst = (): Answer => {
  let tries = 0;
  return () => (tries++ === 0 ? seconds(10) : seconds(1));
};

test('the answer is that of the try that ends first, and the other is taken back', () => {
  const { log, load } = runAgent(agent, { requests: requestsEvery(1, 1), answer: slowFirst() });
  expect(log.latencyUs[0]).toBe(seconds(3));
  expect(log.serviceUs[0]).toBe(seconds(3));
  expect(load).toMatchObject({ open: 0, cancelled: 1 });
});

test('a second try that is no faster is taken back as well', () => {
  const { log, load } = runAgent(agent, { requests: requestsEvery(1, 1), answer: () => seconds(5) });
  expect(log.latencyUs[0]).toBe(seconds(5));
  expect(load).toMatchObject({ open: 0, cancelled: 1 });
});

test('a call that ends in time is tried once', () => {
  const { tries } = runAgent(agent, { requests: requestsEvery(1, 1), answer: () => seconds(1.9) });
  expect(tries).toHaveLength(1);
});

test('there is no second try at the only copy', () => {
  const { log } = runAgent(agent, { requests: requestsEvery(1, 1), answer: slowFirst(), warmCopies: 1 });
  expect(log.latencyUs[0]).toBe(seconds(10));
});

test('second tries stay within their share of the calls', () => {
  const frugal = { ...agent, nodes: [{ ...agent.nodes[0]!, hedge: { afterMs: 2000, budget: 0.1 } }] };
  const { tries } = runAgent(frugal, { requests: requestsEvery(seconds(0.1), 100), answer: () => seconds(5) });
  expect(tries.length).toBeGreaterThan(105);
  expect(tries.length).toBeLessThanOrEqual(110);
});
