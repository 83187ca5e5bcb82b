import { graph, model, tool } from 'cdk-compound-inference/graph';
import { z } from 'zod';
import { faultsOf } from './support';

const Text = z.object({ text: z.string() });
const search = tool('search', { input: Text, output: Text });

/** An agent that calls a planner, which may call a search. */
const agent = (traceContents: unknown) =>
  graph('agent', { input: Text, traceContents: traceContents as string[] })
    .plan('plan', { call: model('planner'), tools: [search], input: ({ input }) => input.text })
    .output(({ plan }) => plan);

test.each([[[]], [['planner']], [['search', 'planner']]])('contents of %j can be asked for', (names) => {
  expect(agent(names).describe().traceContents).toEqual(names);
});

test.each<[string, unknown, string, string]>([
  ['no names', true, 'traceContents', 'must be a list of component names, got: true'],
  ['components', [search], 'traceContents', 'must be a list of component names, got: [{"kind":"tool","name":"search",'],
  ['a node', ['plan'], 'traceContents[0]', 'no node calls a component named "plan"'],
  ['a component twice', ['search', 'search'], 'traceContents[1]', '"search" is listed twice'],
])('contents of %s cannot', (_, names, path, message) => {
  expect(faultsOf(() => agent(names))).toEqual([{ path, message: expect.stringContaining(message) }]);
});
