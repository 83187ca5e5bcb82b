import { graph, model, tool } from 'cdk-compound-inference/graph';
import { z } from 'zod';
import { richGraph } from './support';

const start = graph('agent', { input: z.any() });
const idsOf = (agent: { definition: { nodes: readonly { id: string }[] } }) =>
  agent.definition.nodes.map(({ id }) => id);

test('a builder never changes: two graphs can share their beginning', () => {
  const beginning = start.compute('a', [], () => 1);
  const left = beginning.compute('b', ['a'], ({ a }) => a);
  const right = beginning.compute('c', ['a'], ({ a }) => a).compute('d', ['c'], ({ c }) => c);
  expect(idsOf(left.output(() => 0))).toEqual(['a', 'b']);
  expect(idsOf(right.output(() => 0))).toEqual(['a', 'c', 'd']);
  expect(idsOf(beginning.output(() => 0))).toEqual(['a']);
});

test('a list of needs may be filled further after it was used', () => {
  const needs: string[] = [];
  let builder = start as any;
  for (const id of ['a', 'b', 'c']) {
    builder = builder.compute(id, needs, () => 0);
    needs.push(id);
  }
  const agent = builder.output(needs, () => 0);
  needs.push('x');
  const { nodes, result } = agent.definition;
  expect(nodes.map((node: any) => node.needs)).toEqual([[], ['a'], ['a', 'b']]);
  expect(result.needs).toEqual(['a', 'b', 'c']);
});

test('without a list the output needs every node, with one those that it lists', () => {
  const builder = start.compute('a', [], () => 1).compute('b', ['a'], () => 2);
  expect(builder.output(() => 0).definition.result.needs).toEqual(['a', 'b']);
  expect(builder.output(['b'], () => 0).definition.result.needs).toEqual(['b']);
});

test('a graph lists each component once, in the order of first use', () => {
  const [a, b] = [model('a'), tool('b', { input: z.any(), output: z.any() })];
  const agent = start
    .node('one', { call: b, input: () => 0 })
    .map('two', { over: () => [], call: a, input: () => 'hi' })
    .compute('three', [], () => 0)
    .node('four', { call: b, input: () => 0 })
    .output(() => 0);
  expect(agent.components()).toEqual([b, a]);
  expect(agent.components()[0]).toBe(b);
});

test('a graph of 10,000 nodes is built, checked, described and drawn', () => {
  let builder = graph('large', { input: z.any() }).compute('n0', [], () => 0) as any;
  for (let i = 1; i < 10_000; i++) {
    const needs = [`n${i - 1}`, `n${i >> 1}`].slice(0, i > 2 ? 2 : 1);
    builder = builder.compute(`n${i}`, needs, () => i);
  }
  const agent = builder.output(() => 0);
  expect(agent.definition.nodes).toHaveLength(10_000);
  expect(agent.describe().nodes.at(-1)).toEqual({ id: 'n9999', kind: 'compute', needs: ['n9998', 'n4999'] });
  expect(agent.toMermaid().split('\n')).toHaveLength(4 + 10_000 + 1 + 19_996 + 10_000);
});

test('a chain of 10,000 nodes with a fault in each lists them all', () => {
  let builder = start as any;
  for (let i = 0; i < 10_000; i++) builder = builder.compute(`n${i}`, [`n${i + 1}`], () => i);
  expect(() => builder.output([], () => 0)).toThrow('graph "agent" has 10001 fault(s)');
});

test('a graph draws itself: a shape for each kind of component, a dotted edge to what may be skipped', () => {
  expect(richGraph().toMermaid()).toBe(`flowchart LR
  input((input))
  n0(["plan<br/><i>planner</i>"])
  n1[("facts<br/><i>search for each</i>")]
  n2["price<br/><i>price</i>"]
  n3{{"passages"}}
  n4(["answer<br/><i>writer</i>"])
  output((output))
  input --> n0
  n0 -.-> n1
  input --> n2
  n1 --> n3
  n3 -.-> n4
  n2 -.-> n4
  n4 --> output
`);
});

test('a graph without nodes leads from its input to its output', () => {
  expect(start.output(() => 0).toMermaid()).toBe(
    'flowchart LR\n  input((input))\n  output((output))\n  input --> output\n',
  );
});
