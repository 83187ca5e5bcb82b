import { anyBranchLate, branchQuantile } from '../../../../core/scale/split/fan-out';
import type { ShapeNode } from '../../../../core/scale/split/graph-shape';
import { mostProbablePaths } from '../../../../core/scale/split/paths';
import { timeShares } from '../../../../core/scale/split/time-shares';
import { componentDemand, componentVisits, visitRatios } from '../../../../core/scale/split/visit-ratios';

const node = (id: string, needs: Readonly<Record<string, number>> = {}, more: Partial<ShapeNode> = {}): ShapeNode => ({
  id,
  component: id,
  needs: Object.entries(needs).map(([name, probability]) => ({ node: name, probability })),
  join: 'all',
  width: 1,
  repeat: 0,
  ...more,
});

/** A planner that searches widely, or answers alone; then both write. */
const agent = [
  node('plan'),
  node('search', { plan: 0.6 }, { width: 5 }),
  node('chat', { plan: 0.4 }),
  node('write', { search: 1, chat: 1 }, { join: 'any', component: 'plan' }),
  node('check', { write: 1 }, { repeat: 0.2 }),
];

test('visit ratios add alternatives and multiply widths and repeats', () => {
  expect([...visitRatios(agent)]).toEqual([
    ['plan', 1],
    ['search', 3],
    ['chat', 0.4],
    ['write', 1],
    ['check', 1.25],
  ]);
});

test('a node that no run comes to is not visited, and one that only computes is no component', () => {
  const nodes = [node('a'), node('b', { a: 0 }), node('c', { a: 1 }, { component: undefined })];
  expect([...componentVisits(nodes)]).toEqual([
    ['a', 1],
    ['b', 0],
  ]);
});

test('branches that meet again are passed as often as the one that most runs take', () => {
  const diamond = [node('a'), node('b', { a: 0.7 }), node('c', { a: 0.2 }), node('d', { b: 1, c: 1 })];
  expect(visitRatios(diamond).get('d')).toBe(0.7);
});

test('parallel branches that meet again are one visit', () => {
  const diamond = [node('a'), node('b', { a: 1 }), node('c', { a: 1 }), node('d', { b: 1, c: 1 })];
  expect(visitRatios(diamond).get('d')).toBe(1);
});

test('the visits of a component are those of all of its nodes', () => {
  expect(componentVisits(agent).get('plan')).toBe(2);
});

test('a burst of one kind of request loads the components by its own visits', () => {
  const wide = { nodes: agent, runsPerSecond: 10 };
  const plain = { nodes: [node('chat')], runsPerSecond: 2 };
  const seconds = { plan: 2, search: 0.5, chat: 4, check: 1 };
  // Runs per second times visits times seconds: 10*2*2, 10*3*0.5, 10*0.4*4 + 2*1*4, 10*1.25*1.
  expect(Object.fromEntries(componentDemand([wide, plain], seconds))).toEqual({
    plan: 40,
    search: 15,
    chat: 24,
    check: 12.5,
  });
  expect(() => componentDemand([wide], { plan: 2 })).toThrow("serviceSeconds lacks the component 'search'");
});

test('paths come with the most probable first, and no more than asked for', () => {
  const paths = mostProbablePaths(agent, 10);
  expect(paths).toEqual([
    { nodes: ['plan', 'search', 'write', 'check'], probability: 0.6 },
    { nodes: ['plan', 'chat', 'write', 'check'], probability: 0.4 },
  ]);
  expect(mostProbablePaths(agent, 1)).toEqual(paths.slice(0, 1));
});

test('a graph with exponentially many paths is cut off', () => {
  const ladder = [node('0')];
  for (let i = 0; i < 40; i++) {
    ladder.push(node(`${i}a`, { [i]: 1 }), node(`${i}b`, { [i]: 1 }), node(`${i + 1}`, { [`${i}a`]: 1, [`${i}b`]: 1 }));
  }
  expect(mostProbablePaths(ladder, 32)).toHaveLength(32);
});

test.each([
  [[node('b', { a: 1 })], "node 'b' needs 'a', which is not defined before it"],
  [[node('a'), node('a')], "node 'a' is defined twice"],
  [[node('a'), node('b', { a: 1.5 })], "probability of 'a' to 'b' must be from 0 to 1, got: 1.5"],
  [[node('a', {}, { width: 0 })], "width of 'a' must be positive, got: 0"],
  [[node('a'), node('b', { a: -0.1 })], "probability of 'a' to 'b' must be from 0 to 1, got: -0.1"],
  [[node('a', {}, { width: Infinity })], "width of 'a' must be positive, got: Infinity"],
  [[node('a', {}, { repeat: 1 })], "repeat of 'a' must be from 0 to below 1, got: 1"],
  [[node('a', {}, { repeat: -0.1 })], "repeat of 'a' must be from 0 to below 1, got: -0.1"],
])('a graph that is none is refused (%#)', (nodes, message) => {
  expect(() => visitRatios(nodes)).toThrow(message);
});

test.each([
  [1, 0.95, 0.05],
  [2, 0.9747, 0.0975],
  [3, 0.983, 0.1426],
  [5, 0.9898, 0.2262],
  [8, 0.9936, 0.3366],
])('each of %i branches must keep its %d quantile, or %d of all are late', (width, quantile, late) => {
  expect(branchQuantile(width)).toBeCloseTo(quantile, 4);
  expect(anyBranchLate(width)).toBeCloseTo(late, 4);
});

test('where plans differ from run to run, components share the time of all runs', () => {
  const shares = timeShares([
    { plan: 100, write: 500 },
    { plan: 50, search: 150 },
  ]);
  expect(Object.fromEntries(shares)).toEqual({ plan: 0.1875, write: 0.625, search: 0.1875 });
});

test('shares need a run that took time', () => {
  expect(() => timeShares([{ plan: 0 }])).toThrow('shares of time need at least one run that took time, got none');
});
