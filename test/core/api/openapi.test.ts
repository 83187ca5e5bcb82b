import { z } from 'zod';
import { openApiFor } from '../../../core/api/openapi';
import { graph, model } from '../../../core/graph';
import { greet } from '../../lambda/orchestrator/agents';

interface Tree {
  readonly value: string;
  readonly children: readonly Tree[];
}

const Tree: z.ZodType<Tree> = z.lazy(() => z.object({ value: z.string(), children: z.array(Tree) }));
const Person = z.object({ name: z.string(), friend: z.string() }).meta({ id: 'Person' });
/** JSON Schema writes a slash and a tilde in a reference as `~1` and `~0`. */
const Odd = z.object({ n: z.number() }).meta({ id: 'odd/~name' });

/** Schemas with references: to themselves, to definitions, and from definitions to others. */
const prune = graph('prune', {
  input: Tree,
  output: z.object({ best: Person, others: z.array(Person), odd: Odd, tree: z.array(Tree) }),
})
  .compute('pruned', [], ({ input }) => input)
  .output(['pruned'], () => ({ best: { name: 'a', friend: 'b' }, others: [], odd: { n: 1 }, tree: [] }));

/** `true` in JSON Schema: a transform has none. */
const opaque = graph('opaque', { input: z.string().transform(Number) })
  .compute('n', [], ({ input }) => input)
  .output(['n'], ({ n }) => n);

/** As it is sent. */
const documentOf = (): any => JSON.parse(JSON.stringify(openApiFor([greet, prune, opaque])));

test('is OpenAPI 3.1, with a path for the list, and for each agent its own and those of its doors', () => {
  const { openapi, info, paths } = documentOf();
  expect(openapi).toMatch(/^3\.1\.\d+$/);
  expect(info).toEqual({ title: expect.any(String), version: expect.any(String) });
  expect(Object.entries(paths).map(([path, item]) => [path, Object.keys(item as object)])).toEqual([
    ['/openapi.json', ['get']],
    ['/agents', ['get']],
    ['/agents/greet', ['get']],
    ['/agents/greet/runs', ['post']],
    ['/agents/greet/v1/chat/completions', ['post']],
    ['/agents/greet/mcp', ['post']],
    ['/agents/prune', ['get']],
    ['/agents/prune/runs', ['post']],
    ['/agents/prune/v1/chat/completions', ['post']],
    ['/agents/prune/mcp', ['post']],
    ['/agents/opaque', ['get']],
    ['/agents/opaque/runs', ['post']],
    ['/agents/opaque/v1/chat/completions', ['post']],
    ['/agents/opaque/mcp', ['post']],
  ]);
});

test('an agent that streams answers a document or events, any other a document', () => {
  const teller = graph('teller', { input: z.object({}), output: z.string() })
    .node('story', { call: model('writer'), input: () => 'Tell.', stream: true })
    .output(['story'], ({ story }) => story.text);
  const { paths } = JSON.parse(JSON.stringify(openApiFor([teller, greet])));
  const told = paths['/agents/teller/runs'].post;
  expect(told.responses[200]).toEqual({
    description: expect.any(String),
    headers: expect.objectContaining({ 'compound-run-id': { $ref: '#/components/headers/compound-run-id' } }),
    content: {
      'application/json': { schema: expect.objectContaining({ required: ['runId', 'output'] }) },
      'text/event-stream': { schema: { type: 'string', description: expect.stringContaining('heartbeat') } },
    },
  });
  expect(told.parameters).toContainEqual(expect.objectContaining({ name: 'events', in: 'query' }));
  const greeted = paths['/agents/greet/runs'].post;
  expect(Object.keys(greeted.responses[200].content)).toEqual(['application/json']);
  expect(greeted.parameters).not.toContainEqual(expect.objectContaining({ name: 'events' }));
});

test('its server is where the document is, whatever stage or base path is before it', () => {
  const [server] = documentOf().servers;
  const at = (document: string) => new URL(server.url, document).href;
  expect(at('https://id.execute-api.us-east-1.amazonaws.com/prod/openapi.json')).toMatch(/\.com\/prod\/$/);
  expect(at('https://agents.example.com/openapi.json')).toBe('https://agents.example.com/');
});

test('says how callers authenticate, if that is known', () => {
  expect(documentOf()).not.toHaveProperty('security');
  expect(documentOf().components).not.toHaveProperty('securitySchemes');
  const scheme = { type: 'apiKey', in: 'header', name: 'x-api-key' };
  expect(openApiFor([greet], scheme)).toMatchObject({
    security: [{ caller: [] }],
    components: { securitySchemes: { caller: scheme } },
  });
});

test('every operation has an id of its own and responses with a description', () => {
  const { paths } = documentOf();
  const operations = Object.values<any>(paths).flatMap((item) => Object.values<any>(item));
  const ids = operations.map(({ operationId }) => operationId);
  expect(new Set(ids).size).toBe(operations.length);
  for (const { responses } of operations) {
    expect(responses).toHaveProperty('200');
    for (const [status, response] of Object.entries<any>(responses)) {
      expect(status).toMatch(/^[1-5]\d\d$/);
      expect(response.description).toEqual(expect.any(String));
    }
  }
});

test('a run takes the input schema, the deadline, its class of work and whether it is a probe, and answers the output schema or a problem', () => {
  const { paths } = documentOf();
  const { parameters, requestBody, responses } = paths['/agents/greet/runs'].post;
  expect(parameters).toEqual([
    {
      name: 'compound-deadline-ms',
      in: 'header',
      description: expect.any(String),
      schema: { type: 'number', minimum: 1 },
    },
    {
      name: 'compound-work-class',
      in: 'header',
      description: expect.any(String),
      schema: { enum: ['interactive', 'batch'], default: 'interactive' },
    },
    {
      name: 'compound-probe',
      in: 'header',
      description: expect.any(String),
      schema: { type: 'boolean', default: false },
    },
  ]);
  const { components } = documentOf();
  const input = resolve({ components }, requestBody.content['application/json'].schema);
  expect(requestBody.required).toBe(true);
  expect(input).toMatchObject({ type: 'object', properties: { name: { type: 'string' } }, required: ['name'] });
  expect(responses['200'].content['application/json'].schema).toMatchObject({
    required: ['runId', 'output'],
    properties: { runId: { type: 'string', format: 'uuid' } },
  });
  expect(Object.keys(responses)).toEqual([
    '200',
    '400',
    '404',
    '405',
    '413',
    '415',
    '422',
    '429',
    '500',
    '502',
    '503',
    '504',
  ]);
  expect(responses['429'].description).toBe(
    'The tenant has no room for another run; or: A component asks for fewer calls',
  );
  expect(Object.keys(responses['503'].content)).toEqual(['application/problem+json']);
});

test('a run tells its id, cost and timings, and when to come again', () => {
  const document = documentOf();
  const { responses } = document.paths['/agents/greet/runs'].post;
  const headersOf = (status: number) => Object.keys(responses[status].headers ?? {});
  const ofRun = ['compound-run-id', 'compound-cost-usd', 'compound-copy-seconds', 'server-timing'];
  expect(headersOf(200)).toEqual(ofRun);
  for (const status of [500, 502, 504]) expect(headersOf(status)).toEqual(ofRun);
  for (const status of [429, 503]) expect(headersOf(status)).toEqual([...ofRun, 'retry-after']);
  for (const status of [400, 404, 405, 413, 415, 422]) expect(headersOf(status)).toEqual([]);
  expect(resolve(document, responses[429].headers['retry-after'])).toEqual({
    description: expect.any(String),
    schema: { type: 'integer', minimum: 1, maximum: 3600 },
  });
});

test.each(['/openapi.json', '/agents', '/agents/greet'])('GET %s may end with a problem', (path) => {
  const { paths } = documentOf();
  expect(Object.keys(paths[path].get.responses)).toEqual(['200', '404', '500']);
});

test('the list of agents is described by its fields', () => {
  const { paths } = documentOf();
  expect(paths['/agents'].get.responses['200'].content['application/json'].schema).toEqual({
    type: 'object',
    required: ['agents'],
    properties: {
      agents: {
        type: 'array',
        items: {
          type: 'object',
          required: ['name', 'runs'],
          properties: {
            name: { type: 'string' },
            description: { type: 'string' },
            runs: { type: 'string', format: 'uri-reference' },
          },
        },
      },
    },
  });
});

test('every reference resolves inside the document', () => {
  const document = documentOf();
  const references = [...referencesIn(document)];
  expect(references.length).toBeGreaterThan(10);
  expect(references.filter((reference) => resolve(document, { $ref: reference }) === undefined)).toEqual([]);
});

test('a schema that refers to itself still does', () => {
  const document = documentOf();
  const tree = resolve(
    document,
    document.paths['/agents/prune/runs'].post.requestBody.content['application/json'].schema,
  );
  const node = resolve(document, tree);
  expect(node.properties.value).toEqual({ type: 'string' });
  expect(resolve(document, node.properties.children.items)).toEqual(node);
});

test('what has no JSON Schema may be anything', () => {
  const document = documentOf();
  const { schema } = document.paths['/agents/opaque/runs'].post.responses['200'].content['application/json'];
  expect(resolve(document, schema.properties.output)).toBe(true);
});

function* referencesIn(value: unknown): Iterable<string> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, child] of Object.entries(value)) {
    if (key === '$ref' && typeof child === 'string') yield child;
    else yield* referencesIn(child);
  }
}

/** What a JSON pointer from the root of the document leads to, through any number of references. */
function resolve(document: any, schema: any): any {
  if (typeof schema?.$ref !== 'string') return schema;
  if (!schema.$ref.startsWith('#')) return undefined;
  const keys = schema.$ref.slice(1).split('/').slice(1);
  const target = keys
    .map((key: string) => decodeURIComponent(key).replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce((value: any, key: string) => value?.[key], document);
  return resolve(document, target);
}
