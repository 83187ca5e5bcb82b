import Ajv2020 from 'ajv/dist/2020';
import { graph, model, tool } from 'cdk-compound-inference/graph';
import fc from 'fast-check';
import { z } from 'zod';
import published from '../../../schemas/graph.schema.json';
import { graphOf, graphShape } from '../run/support/shapes';
import { VirtualClock } from '../run/support/virtual-clock';
import { richGraph } from './support';

// The JSON Schema of JSON Schemas, which it refers to, has unions of types, and formats that ajv leaves to a plugin.
const options = { strict: true, strictRequired: false, allowUnionTypes: true, validateFormats: false };
const isDescription = new Ajv2020(options).compile(published);

function expectValid(description: unknown) {
  isDescription(description);
  expect(isDescription.errors).toBeNull();
}

test('a graph describes itself as plain JSON', () => {
  const strings = { type: 'array', items: { type: 'string' } };
  const description = richGraph().describe();
  expect(JSON.parse(JSON.stringify(description))).toEqual(description);
  expect(description).toEqual({
    name: 'support',
    description: 'Answers questions about orders.',
    input: {
      type: 'object',
      properties: { question: { type: 'string' }, careful: { type: 'boolean', default: false } },
      required: ['question'],
    },
    output: {
      type: 'object',
      properties: { answer: { type: 'string' } },
      required: ['answer'],
      additionalProperties: false,
    },
    timeout: { totalMs: 29_000, nodeMs: 10_000, firstChunkMs: 2_000, idleMs: 500 },
    retry: { attempts: 2, baseMs: 50, capMs: 1_000 },
    budgetUsd: 0.05,
    traceContents: ['writer', 'price'],
    nodes: [
      {
        id: 'plan',
        kind: 'call',
        needs: [],
        component: 'planner',
        timeout: { nodeMs: 5_000, firstChunkMs: 1_000, idleMs: 250 },
        retry: { attempts: 4, baseMs: 10, capMs: 100 },
      },
      {
        id: 'facts',
        kind: 'map',
        needs: ['plan'],
        component: 'search',
        conditional: true,
        default: { passages: [] },
        concurrency: 8,
      },
      { id: 'price', kind: 'call', needs: [], component: 'price', optional: true },
      { id: 'passages', kind: 'compute', needs: ['facts'] },
      { id: 'answer', kind: 'call', needs: ['passages', 'price'], component: 'writer', conditional: true },
    ],
    outputNeeds: ['answer'],
    components: [
      {
        name: 'planner',
        kind: 'model',
        format: 'converse',
        input: true,
        output: {
          type: 'object',
          properties: { queries: strings },
          required: ['queries'],
          additionalProperties: false,
        },
      },
      {
        name: 'search',
        kind: 'retriever',
        format: 'json',
        concurrency: 16,
        singleFlight: true,
        cache: { forMs: 60_000, key: ['query'] },
        input: { type: 'object', properties: { query: { type: 'string' } }, required: ['query'] },
        output: {
          type: 'object',
          properties: { passages: strings },
          required: ['passages'],
          additionalProperties: false,
        },
      },
      {
        name: 'price',
        kind: 'tool',
        format: 'custom',
        input: { type: 'object', properties: { sku: { type: 'string' } }, required: ['sku'] },
        output: { type: 'number' },
      },
      {
        name: 'writer',
        kind: 'model',
        format: 'openai-chat',
        hedge: { budget: 0.05 },
        breaker: { failureRatio: 0.5 },
        input: true,
        output: true,
      },
    ],
  });
});

test('what a schema cannot say in JSON Schema is described as anything', () => {
  const own = { '~standard': { version: 1, vendor: 'own', validate: (value: unknown) => ({ value }) } } as const;
  const agent = graph('agent', { input: own, output: z.string().transform((text) => text.length) })
    .node('a', { call: tool('a', { input: z.bigint() as any, output: z.unknown() }), input: () => 0 })
    .output(() => 'text');
  expect(agent.describe()).toMatchObject({ input: true, output: true, components: [{ input: true, output: true }] });
});

describe('the published schema', () => {
  test('accepts the description of a graph that uses everything', () => {
    expectValid(richGraph().describe());
  });

  test('accepts the description of any graph', () => {
    fc.assert(fc.property(graphShape, (shape) => expectValid(graphOf(shape, new VirtualClock()).describe())));
  });

  test('accepts a graph without nodes', () => {
    expectValid(
      graph('empty', { input: z.any() })
        .output(() => 0)
        .describe(),
    );
  });

  type Json = Record<string, any>;
  test.each<[string, (description: Json) => void]>([
    ['an unknown field', (d) => (d.version = 1)],
    ['an unknown field of a node', (d) => (d.nodes[0].color = 'red')],
    ['an unknown field of a component', (d) => (d.components[0].url = 'https://example.com')],
    ['an unknown time limit', (d) => (d.timeout.overall = 1)],
    ['a time limit of nothing', (d) => (d.timeout.totalMs = 0)],
    ['a total time limit of a node', (d) => (d.nodes[0].timeout.totalMs = 1)],
    ['no attempts', (d) => (d.retry.attempts = 0)],
    ['a component named twice for its contents', (d) => (d.traceContents = ['writer', 'writer'])],
    ['contents of components without names', (d) => (d.traceContents = true)],
    ['a graph without name', (d) => delete d.name],
    ['a name with a space', (d) => (d.name = 'my agent')],
    ['a node without id', (d) => delete d.nodes[0].id],
    ['a node named as the input', (d) => (d.nodes[0].id = 'input')],
    ['a node of an unknown kind', (d) => (d.nodes[0].kind = 'loop')],
    ['a call without component', (d) => delete d.nodes[0].component],
    ['a function with a component', (d) => (d.nodes[3].component = 'writer')],
    ['a function with a retry policy', (d) => (d.nodes[3].retry = {})],
    ['a concurrency of a call', (d) => (d.nodes[0].concurrency = 2)],
    ['a node that is not conditional and says so', (d) => (d.nodes[0].conditional = false)],
    ['a need listed twice', (d) => (d.nodes[4].needs = ['price', 'price'])],
    ['a component of an unknown kind', (d) => (d.components[0].kind = 'agent')],
    ['a component of an unknown format', (d) => (d.components[0].format = 'xml')],
    ['an input that is no JSON Schema', (d) => (d.input = { type: 'dictionary' })],
    ['no list of components', (d) => delete d.components],
  ])('refuses %s', (_, spoil) => {
    const description = structuredClone(richGraph().describe()) as unknown as Json;
    spoil(description);
    expect(isDescription(description)).toBe(false);
  });

  test('names itself, and says of every field what it is', () => {
    expect(published.$id).toBe('https://unpkg.com/cdk-compound-inference/schemas/graph.schema.json');
    const undocumented: string[] = [];
    const visit = (schema: Json, path: string) => {
      const target = schema.$ref?.startsWith('#/$defs/') ? resolve(schema.$ref) : {};
      const { title, description } = { ...target, ...schema } as Json;
      if (!title || !description) undocumented.push(path);
      if (schema.type === 'object' && schema.properties && schema.additionalProperties !== false)
        undocumented.push(path);
      for (const [key, field] of Object.entries(schema.properties ?? {})) visit(field as Json, `${path}.${key}`);
    };
    const resolve = (ref: string): Json =>
      ref
        .slice('#/'.length)
        .split('/')
        .reduce((at: Json, key) => at[key], published);
    visit(published, 'graph');
    for (const [name, definition] of Object.entries(published.$defs)) visit(definition, name);
    expect(undocumented).toEqual([]);
  });

  test('knows no field that no graph has', () => {
    const description = richGraph().describe();
    const joined = { join: {}, stream: true, reads: [] };
    const used = new Set(
      [description, joined, ...description.nodes, ...description.components].flatMap((part) => Object.keys(part)),
    );
    const { callNode, mapNode, computeNode, component } = published.$defs;
    const known = [published, callNode, mapNode, computeNode, component].flatMap(({ properties }) =>
      Object.keys(properties),
    );
    expect(known.filter((field) => !used.has(field))).toEqual([]);
  });
});

test('a model with a wire format of its own is described as custom', () => {
  const own = model('own', { format: { encode: () => '', decode: () => 0 } });
  const agent = graph('agent', { input: z.any() })
    .node('a', { call: own, input: () => 0 })
    .output(() => 0);
  expect(agent.describe().components).toEqual([
    { name: 'own', kind: 'model', format: 'custom', input: true, output: true },
  ]);
});
