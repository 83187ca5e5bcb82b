import type { Graph } from '../graph/graph';
import { type JsonSchema, toJsonSchema } from '../graph/schema';
import { DEADLINE_HEADER, PROBE_HEADER, RESPONSE_HEADERS, WORK_CLASS_HEADER, WORK_CLASSES } from './headers';
import { doorPaths } from './openapi-doors';
import { EVENTS_PARAMETER, runEvents } from './openapi-events';
import { json, RUN_HEADERS, readProblems, runProblems } from './openapi-responses';
import { rebase } from './rebase';

const RUNS = { type: 'string', format: 'uri-reference' };

const AGENTS = {
  type: 'object',
  required: ['agents'],
  properties: {
    agents: {
      type: 'array',
      items: {
        type: 'object',
        required: ['name', 'runs'],
        properties: { name: { type: 'string' }, description: { type: 'string' }, runs: RUNS },
      },
    },
  },
};

/** How callers say who they are: a security scheme of OpenAPI. */
export type SecurityScheme = Readonly<Record<string, string>>;

/** The OpenAPI 3.1 document of an API that serves these agents. */
export function openApiFor(graphs: readonly Graph[], securityScheme?: SecurityScheme): object {
  return {
    openapi: '3.1.0',
    info: { title: 'Compound AI agents', version: '1' },
    // Relative to this document: what is before it depends on the deployment.
    servers: [{ url: '.' }],
    ...(securityScheme && { security: [{ caller: [] }] }),
    paths: {
      '/openapi.json': {
        get: {
          operationId: 'readApi',
          summary: 'This document',
          responses: { 200: json('An OpenAPI document', { type: 'object' }), ...readProblems() },
        },
      },
      '/agents': {
        get: {
          operationId: 'listAgents',
          summary: 'The agents',
          responses: { 200: json('The agents', AGENTS), ...readProblems() },
        },
      },
      ...Object.fromEntries(graphs.flatMap(pathsOf)),
    },
    components: {
      ...(securityScheme && { securitySchemes: { caller: securityScheme } }),
      headers: RESPONSE_HEADERS,
      schemas: {
        ...Object.fromEntries(graphs.flatMap(schemasOf)),
        Problem: {
          type: 'object',
          description: 'RFC 9457 problem details',
          required: ['type', 'title', 'status', 'detail'],
          properties: {
            type: { type: 'string', format: 'uri' },
            title: { type: 'string' },
            status: { type: 'integer' },
            detail: { type: 'string' },
            runId: { type: 'string' },
            node: { type: 'string' },
            limit: { enum: ['concurrency', 'throttling'] },
            retryAfterSeconds: RESPONSE_HEADERS['retry-after'].schema,
            errors: {
              type: 'array',
              items: {
                type: 'object',
                required: ['field', 'detail'],
                properties: { field: { type: 'string' }, detail: { type: 'string' } },
              },
            },
          },
        },
      },
    },
  };
}

function schemasOf({ name, definition: { input, output } }: Graph): [string, JsonSchema][] {
  return [
    [`${name}.input`, rebase(toJsonSchema(input, 'input'), `#/components/schemas/${name}.input`)],
    [`${name}.output`, rebase(toJsonSchema(output, 'output'), `#/components/schemas/${name}.output`)],
  ];
}

function pathsOf(graph: Graph): [string, object][] {
  const { name, description = `Runs the agent ${name}` } = graph.definition;
  const answer = {
    type: 'object',
    required: ['runId', 'output'],
    properties: { runId: { type: 'string', format: 'uuid' }, output: { $ref: `#/components/schemas/${name}.output` } },
  };
  const isStreaming = graph.streams().length > 0;
  const describe = {
    operationId: `describe_${name}`,
    summary: `The graph of the agent ${name}`,
    responses: { 200: json('Nodes, components, schemas and picture', { type: 'object' }), ...readProblems() },
  };
  const run = {
    operationId: `run_${name}`,
    summary: description,
    parameters: [
      {
        name: DEADLINE_HEADER,
        in: 'header',
        description: 'Most milliseconds to wait for the answer',
        schema: { type: 'number', minimum: 1 },
      },
      {
        name: WORK_CLASS_HEADER,
        in: 'header',
        description: 'Whether somebody waits for the answer; if not, the run lets others go first',
        schema: { enum: WORK_CLASSES, default: 'interactive' },
      },
      {
        name: PROBE_HEADER,
        in: 'header',
        description: 'Whether the run only checks that the agent answers: nothing is warmed for it, or learned from it',
        schema: { type: 'boolean', default: false },
      },
      ...(isStreaming ? [EVENTS_PARAMETER] : []),
    ],
    requestBody: {
      required: true,
      content: { 'application/json': { schema: { $ref: `#/components/schemas/${name}.input` } } },
    },
    responses: {
      200: isStreaming ? runEvents(answer) : json('The output of the run', answer, RUN_HEADERS),
      ...runProblems(),
    },
  };
  return [[`/agents/${name}`, { get: describe }], [`/agents/${name}/runs`, { post: run }], ...doorPaths(graph)];
}
