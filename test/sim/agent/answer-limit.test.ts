import type { AgentModel } from '../../../sim/agent/agent-model';
import { type Answer, requestsEvery, runAgent } from './support';

const agent: AgentModel = {
  timeoutMs: 600_000,
  retry: { attempts: 3, baseMs: 0 },
  orchestration: { runMs: 0, callMs: 0 },
  nodes: [{ id: 'answer', needs: [], component: 'writer' }],
};
const hedged = { ...agent, nodes: [{ ...agent.nodes[0]!, hedge: { afterMs: 20_000, budget: 1 } }] };
const seconds = (count: number) => count * 1e6;

/** Answers after so many seconds, try by try. */
const inTurn = (...durations: readonly number[]): Answer => {
  let tries = 0;
  return () => seconds(durations[tries++]!);
};

const once = (answer: Answer, model = agent) =>
  runAgent(model, { requests: requestsEvery(1, 1), answer, answerLimitUs: seconds(60) });

test('a try that takes longer than the service waits is ended and tried again', () => {
  const { log, load, tries } = once(inTurn(61, 10));
  expect(tries).toHaveLength(2);
  expect(log.latencyUs[0]).toBe(tries[1]!.atUs + seconds(10));
  expect(log.retryUs[0]).toBe(tries[1]!.atUs);
  expect(log.serviceUs[0]).toBe(seconds(10));
  expect(load).toMatchObject({ open: 0, cancelled: 1 });
});

test('an answer within the limit is not disturbed by it', () => {
  const { log, load } = once(inTurn(59));
  expect(log.latencyUs[0]).toBe(seconds(59));
  expect(load.cancelled).toBe(0);
});

test('a run whose every try takes too long fails', () => {
  const { log, load, tries } = once(() => seconds(61));
  expect(tries).toHaveLength(3);
  expect(log.latencyUs[0]).toBe(Infinity);
  expect(load).toMatchObject({ open: 0, cancelled: 3 });
});

test('a second try goes on when the first has taken too long', () => {
  const { log, load, tries } = once(inTurn(100, 45), hedged);
  expect(tries).toHaveLength(2);
  expect(log.latencyUs[0]).toBe(seconds(65));
  expect(load).toMatchObject({ open: 0, cancelled: 1 });
});

test('a second try has a limit of its own', () => {
  const { tries, load } = once(inTurn(100, 100, 5), hedged);
  expect(tries.map(({ atUs }) => Math.round(atUs / 1e6))).toEqual([0, 20, 80]);
  expect(load).toMatchObject({ open: 0, cancelled: 2 });
});
