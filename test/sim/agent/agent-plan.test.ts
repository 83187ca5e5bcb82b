import { planAgent } from '../../../sim/agent/agent-plan';

const AGENT = {
  timeoutMs: 1500.25,
  nodes: [
    { id: 'plan', needs: [], component: 'planner' },
    { id: 'facts', needs: ['plan'], component: 'search', concurrency: 4 },
    { id: 'join', needs: ['plan', 'facts'] },
  ],
};
const COMPONENTS = ['search', 'planner'];

test('a plan has positions for names, and whole microseconds', () => {
  const plan = planAgent(AGENT, COMPONENTS, { isSequential: false });
  expect(plan.nodes.map(({ component }) => component)).toEqual([1, 0, -1]);
  expect(plan.dependents).toEqual([[1, 2], [2], []]);
  expect([plan.roots, plan.needCounts, plan.timeoutUs]).toEqual([[0], [0, 1, 2], 1_500_250]);
});

test('in sequence each node needs the one before, and a map one item at a time', () => {
  const plan = planAgent(AGENT, COMPONENTS, { isSequential: true });
  expect(plan.dependents).toEqual([[1], [2], []]);
  expect(plan.nodes.map(({ concurrency }) => concurrency)).toEqual([1, 1, 1]);
});

test('a node that calls what the world does not have is refused, not taken for a pure function', () => {
  const agent = { timeoutMs: 1000, nodes: [{ id: 'plan', needs: [], component: 'planer' }] };
  expect(() => planAgent(agent, COMPONENTS, { isSequential: false })).toThrow(
    'node plan calls planer, which must be one of: search, planner',
  );
});
