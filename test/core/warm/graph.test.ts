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
