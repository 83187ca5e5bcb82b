import { planAgent } from '../../../sim/agent/agent-plan';
import { workOf } from '../../../sim/agent/node-needs';

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

test.each([0, -1, Number.NaN])(
  'a map that lets %d calls be in flight is refused: it would never end',
  (concurrency) => {
    const agent = { timeoutMs: 1000, nodes: [{ id: 'facts', needs: [], component: 'search', items: 3, concurrency }] };
    expect(() => planAgent(agent, COMPONENTS, { isSequential: false })).toThrow(
      `node facts: concurrency must be at least 1, got: ${concurrency}`,
    );
  },
);

test('a prompt is longer than what it shares, and is one of as many variants', () => {
  const shared = {
    id: 'plan',
    needs: [],
    component: 'planner',
    promptTokens: 50,
    sharedPrefix: { tokens: 200, variants: 3 },
  };
  const agent = { timeoutMs: 1000, nodes: [shared, { ...shared, id: 'again' }] };
  const tokens = { promptTokens: 1, outputTokens: 1 };
  const [plan, again] = planAgent(agent, COMPONENTS, { isSequential: false }).nodes;
  const works = Array.from({ length: 300 }, (_, request) => workOf(7, request, plan!, 0, tokens));
  expect(new Set(works.map((work) => work.promptTokens))).toEqual(new Set([201]));
  const variants = new Map<number, number>();
  for (const { prefix } of works) variants.set(prefix!.key, (variants.get(prefix!.key) ?? 0) + 1);
  expect(variants.size).toBe(3);
  for (const count of variants.values()) expect(Math.abs(count - 100)).toBeLessThan(30);
  expect(variants.has(workOf(7, 0, again!, 0, tokens).prefix!.key)).toBe(false);

  const [free] = planAgent(agent, COMPONENTS, { isSequential: false, isPrefixFree: true }).nodes;
  expect(workOf(7, 0, free!, 0, tokens)).toEqual({ promptTokens: 1, outputTokens: 1 });
});
