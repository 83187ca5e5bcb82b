import Ajv2020 from 'ajv/dist/2020';
import { type Graph, graph, model, tool } from 'cdk-compound-inference/graph';
import { z } from 'zod';
import published from '../../../schemas/graph.schema.json';
import { faultsOf } from './support';

const ajv = () => new Ajv2020({ strict: true, strictRequired: false, allowUnionTypes: true, validateFormats: false });
const search = tool('search', {
  input: z.object({ query: z.string() }),
  output: z.object({ passages: z.array(z.string()) }),
});
const writer = model('writer');
const planner = model('planner');
const spec = { call: planner, tools: [search, writer], input: () => 'why?' };
const start: any = graph('agent', { input: z.any() });
const planned = (more: object = {}): Graph =>
  start.plan('research', { ...spec, ...more }).output(['research'], ({ research }: any) => research);

const NO_COMPONENT = 'must be a component made by model(), retriever() or tool(), got:';

test.each<[string, object, string, string]>([
  ['no tools', { tools: [] }, 'tools', 'must be a list of one or more components, got: []'],
  [
    'tools by name',
    { tools: { search } },
    'tools',
    `must be a list of one or more components, got: ${JSON.stringify({ search }).slice(0, 80)}`,
  ],
  ['a tool that is none', { tools: [5] }, 'tools[0]', `${NO_COMPONENT} 5`],
  ['a tool twice', { tools: [search, search] }, 'tools[1]', '"search" is listed twice'],
  [
    'a tool without an input schema',
    { tools: [model('embed', { format: { encode: () => '', decode: () => 0 } })] },
    'tools[0]',
    'must have an input schema, from which the planner learns what it takes',
  ],
  [
    'another tool of the same name',
    { tools: [search, model('search')] },
    'tools[1]',
    'another component is named "search": share one object or rename it',
  ],
  [
    'a planner that answers with a value',
    { call: model('p', { output: z.any() }) },
    'call',
    'must be a chat model without an output schema: its text is the plan',
  ],
  [
    'a planner that is a tool',
    { call: search },
    'call',
    'must be a chat model without an output schema: its text is the plan',
  ],
  ['no tasks at all', { limits: { tasks: 0 } }, 'limits.tasks', 'must be a whole number from 1, got: 0'],
  [
    'an unknown limit',
    { limits: { nodes: 5 } },
    'limits.nodes',
    'is no option here (options: tasks, depth, fanOut, characters, costUsd)',
  ],
  [
    'a cost of nothing',
    { limits: { costUsd: 0 } },
    'limits.costUsd',
    'must be a positive number of US dollars, got: 0',
  ],
  ['half a repair', { repairs: 0.5 }, 'repairs', 'must be a whole number from 0, got: 0.5'],
  ['re-plans without end', { replans: Infinity }, 'replans', 'must be a whole number from 0, got: Infinity'],
  [
    'an output of no library',
    { output: 'text' },
    'output',
    'must be a schema that implements Standard Schema, such as z.object({...}), got: "text"',
  ],
])('a plan with %s is a fault', (_, more, path, message) => {
  expect(faultsOf(() => planned(more))).toEqual([{ path: `research.${path}`, message }]);
});

test('a graph with a plan calls its planner and all tools', () => {
  expect(planned().components()).toEqual([planner, search, writer]);
});

test('a plan is a part of the description, in the form of the published schema', () => {
  const options = { limits: { tasks: 5, depth: 2, fanOut: 3, characters: 999, costUsd: 0.1 }, repairs: 2, replans: 1 };
  const description = planned({ ...options, output: z.object({ answer: z.string() }) }).describe();
  expect(description.nodes[0]).toEqual({
    id: 'research',
    kind: 'plan',
    needs: [],
    component: 'planner',
    tools: ['search', 'writer'],
    output: expect.objectContaining({ type: 'object', required: ['answer'] }),
    ...options,
  });
  const isDescription = ajv().compile(published);
  isDescription(description);
  expect(isDescription.errors).toBeNull();
});

test('a picture shows who plans what', () => {
  expect(planned().toMermaid()).toContain('n0[["research<br/><i>planner plans search, writer</i>"]]');
});
