import { graph } from 'cdk-compound-inference/graph';
import { z } from 'zod';
import { warmGraphOf } from '../../../core/warm';
import { richGraph } from '../graph/support';

test('an agent for warming is its nodes with what they need, call and may skip', () => {
  expect(warmGraphOf(richGraph().definition)).toEqual({
    name: 'support',
    nodes: [
      { id: 'plan', needs: [], conditional: false, component: 'planner' },
      { id: 'facts', needs: [0], conditional: true, component: 'search' },
      { id: 'price', needs: [], conditional: false, component: 'price' },
      { id: 'passages', needs: [1], conditional: false },
      { id: 'answer', needs: [3, 2], conditional: true, component: 'writer', guard: 1 },
    ],
  });
});

test('it is plain data', () => {
  const warm = warmGraphOf(richGraph().definition);
  expect(JSON.parse(JSON.stringify(warm))).toEqual(warm);
});

test('of a node with a join warming knows how few of its needs may do', () => {
  const agent = graph('joined', { input: z.any() })
    .compute('a', [], () => 0)
    .compute('b', [], () => 0)
    .compute('c', [], () => 0)
    .compute('first', { atLeast: 1, of: [['a', 'b'], 'c'] }, () => 0)
    .compute('most', { atLeast: 2, of: ['a', 'b', 'c'] }, () => 0)
    .output(['first', 'most'], () => 0);
  expect(warmGraphOf(agent.definition).nodes.slice(3)).toEqual([
    { id: 'first', needs: [0, 1, 2], fewestNeeds: 1, conditional: false },
    { id: 'most', needs: [0, 1, 2], fewestNeeds: 2, conditional: false },
  ]);
});

test('of several branches upstream the last guards a node, and of none none does', () => {
  const agent = graph('guarded', { input: z.any() })
    .compute('a', [], () => 0, { when: () => true })
    .compute('b', [], () => 0, { when: () => true })
    .compute('c', ['b', 'a'], () => 0, { when: () => true })
    .output(['c'], () => 0);
  expect(warmGraphOf(agent.definition).nodes).toStrictEqual([
    { id: 'a', needs: [], conditional: true },
    { id: 'b', needs: [], conditional: true },
    { id: 'c', needs: [1, 0], conditional: true, guard: 1 },
  ]);
});
