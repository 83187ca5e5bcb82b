import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { type Bundle, bundleModule } from '../../lib/agent/private/bundle';
import { answer, Service } from '../lambda/backends/service';
import { eventOf } from '../lambda/orchestrator/event';

/** As deployments count it; the SDK clients of all backends are inside. */
const MAX_BUNDLE_BYTES = 1.3 * 1000 * 1000;

/** Files of `lambda/clients/` that agents import. */
const CLIENTS = ['bedrock-runtime', 'dynamodb', 'lambda', 'sagemaker-runtime', 'secrets-manager'];

/** The Lambda service as its functions see it. */
class RuntimeApi {
  readonly #pending: { readonly event: unknown; readonly settle: (outcome: Outcome) => void }[] = [];
  readonly #inFlight = new Map<string, (outcome: Outcome) => void>();
  readonly #server: Server;
  #idle: ServerResponse | undefined;

  private constructor() {
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.url?.endsWith('/next')) {
      this.#idle = response;
      this.#dispatch();
      return;
    }
    const [, id = '', kind] = /\/invocation\/([^/]+)\/(response|error)$/.exec(request.url ?? '') ?? [];
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    this.#inFlight.get(id)?.({ kind, body: JSON.parse(Buffer.concat(chunks).toString()) });
    response.writeHead(202).end('{}');
  }

  static async start(): Promise<RuntimeApi> {
    const api = new RuntimeApi();
    await new Promise<void>((resolve) => api.#server.listen(0, '127.0.0.1', resolve));
    return api;
  }

  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  invoke(event: unknown): Promise<Outcome> {
    return new Promise((settle) => {
      this.#pending.push({ event, settle });
      this.#dispatch();
    });
  }

  stop(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  #dispatch(): void {
    if (!this.#idle || this.#pending.length === 0) return;
    const { event, settle } = this.#pending.shift()!;
    const id = randomUUID();
    this.#inFlight.set(id, settle);
    this.#idle.writeHead(200, {
      'content-type': 'application/json',
      'lambda-runtime-aws-request-id': id,
      'lambda-runtime-deadline-ms': String(Date.now() + 29_000),
      'lambda-runtime-invoked-function-arn': 'arn:aws:lambda:us-east-1:123456789012:function:orchestrator',
    });
    this.#idle.end(JSON.stringify(event));
    this.#idle = undefined;
  }
}

interface Outcome {
  readonly kind: string | undefined;
  readonly body: any;
}

const directory = mkdtempSync(join(tmpdir(), 'compound-bundle-'));
const configFile = join(directory, 'config.json');

let bundle: Bundle;
let service: Service;
let api: RuntimeApi;
let runtime: ChildProcess;
let stdout = '';
let stderr = '';

beforeAll(async () => {
  bundle = bundleModule(join(__dirname, 'lambda/agent.ts'), { conditions: ['source'] });
  service = await Service.start();
  service.replies(answer(200, { choices: [{ message: { content: 'Hello, Ada.' }, finish_reason: 'stop' }] }));
  api = await RuntimeApi.start();
  const writer = {
    type: 'sagemaker',
    endpointName: 'gpu',
    inferenceComponentName: 'writer',
    price: { perCallUsd: 0.01 },
  };
  writeFileSync(configFile, JSON.stringify({ bindings: { writer }, deadlineMs: 20_000 }));

  runtime = spawn(process.execPath, [join(__dirname, 'lambda/runtime.cjs')], {
    cwd: dirname(bundle.file),
    env: { ...environment(), _HANDLER: bundle.file, AWS_LAMBDA_RUNTIME_API: api.host },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  runtime.stdout?.on('data', (chunk) => {
    stdout += chunk;
  });
  runtime.stderr?.on('data', (chunk) => {
    stderr += chunk;
  });
});

/** Nothing of this machine but what Lambda sets: no PATH, no HOME, no NODE_OPTIONS. */
const environment = () => ({
  AWS_LAMBDA_FUNCTION_NAME: 'orchestrator',
  AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'key',
  AWS_SECRET_ACCESS_KEY: 'secret',
  AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME: service.url,
  COMPOUND_CONFIG: configFile,
});

afterAll(async () => {
  runtime.kill();
  await once(runtime, 'close');
  await Promise.all([service.stop(), api.stop()]);
  bundle.remove();
  rmSync(directory, { recursive: true });
});

const filesOf = ({ file }: Bundle) =>
  readdirSync(dirname(file), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.js'));

async function invoke(event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> {
  const { kind, body } = await api.invoke(event);
  expect(kind).toBe('response');
  return body;
}

const post = (body: unknown, headers: Record<string, string> = {}) =>
  invoke(
    eventOf({
      method: 'POST',
      path: '/agents/greet/runs',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    }),
  );

test('the bundle is small, and free of what a function does not need', () => {
  const code = filesOf(bundle)
    .map((name) => readFileSync(join(dirname(bundle.file), name), 'utf8'))
    .join('\n');
  expect(Buffer.byteLength(code)).toBeLessThanOrEqual(MAX_BUNDLE_BYTES);
  expect(code).not.toContain('aws-cdk-lib');
  expect(code).not.toContain('@babel/');
  expect(code).not.toContain('minisearch');
  // One of the languages of zod.
  expect(code).not.toContain('Input non valido');
});

test('the first request is served, with the bindings of the configuration file', async () => {
  const { statusCode, headers, body } = await post({ name: 'Ada' });
  expect({ statusCode, body: JSON.parse(body) }).toEqual({
    statusCode: 200,
    body: { runId: expect.any(String), output: { greeting: 'Hello, Ada.' } },
  });
  expect(headers).toMatchObject({ 'compound-cost-usd': '0.010000', 'compound-run-id': JSON.parse(body).runId });
  expect(service.received).toMatchObject([
    {
      path: '/endpoints/gpu/invocations',
      headers: { 'x-amzn-sagemaker-inference-component': 'writer' },
      body: '{"messages":[{"role":"user","content":"Greet Ada"}]}',
    },
  ]);
});

test('a function reads the clients that its calls need, and no other', async () => {
  const event = eventOf({
    method: 'POST',
    path: '/agents/greet/runs',
    headers: { 'content-type': 'application/json' },
    body: { name: 'Ada' },
  });
  const answering = spawn(
    process.execPath,
    [join(__dirname, 'lambda/read-files.cjs'), bundle.file, JSON.stringify(event)],
    {
      env: environment(),
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    },
  );
  const [read] = await once(answering, 'message');
  const clients = (names: readonly string[]) =>
    CLIENTS.filter((client) => names.some((name) => basename(name) === `${client}.js`));
  expect(clients(filesOf(bundle))).toEqual(CLIENTS);
  expect({ atStart: clients(read.atStart), afterRun: clients(read.afterRun) }).toEqual({
    atStart: [],
    afterRun: ['sagemaker-runtime'],
  });
});

test('metrics, a log line and the record of each run are lines of JSON on standard output', async () => {
  stdout = '';
  const { runId } = JSON.parse((await post({ name: 'Ada' })).body);
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines).toMatchObject([
    {
      _aws: { CloudWatchMetrics: [{ Namespace: 'CompoundInference' }] },
      agent: 'greet',
      RunLatency: expect.any(Number),
    },
    {
      _aws: { CloudWatchMetrics: [{ Namespace: 'CompoundInference' }] },
      node: 'greeting',
      CallLatency: expect.any(Number),
    },
    { level: 'INFO', message: 'run succeeded', runId, agent: 'greet' },
    { level: 'INFO', message: 'run record', runId, record: { graph: 'greet', status: 'succeeded' } },
  ]);
  expect(stderr).toBe('');
});

test.each<[what: string, expected: number, () => Promise<APIGatewayProxyResult>]>([
  ['a description', 200, () => invoke(eventOf({ path: '/agents/greet' }))],
  ['the API document', 200, () => invoke(eventOf({ path: '/openapi.json' }))],
  ['a path that leads nowhere', 404, () => invoke(eventOf({ path: '/' }))],
  ['a method that does not fit', 405, () => invoke(eventOf({ path: '/agents/greet/runs' }))],
  ['another media type', 415, () => post('x', { 'content-type': 'text/plain' })],
  ['bytes that are no UTF-8', 400, () => post(Buffer.from([0x22, 0xff, 0x22]))],
  ['a name that is a number', 422, () => post({ name: 7 })],
  ['no time', 504, () => post({ name: 'Ada' }, { 'compound-deadline-ms': '1' })],
])('%s is answered %d', async (_, expected, ask) => {
  expect((await ask()).statusCode).toBe(expected);
});

test('an event that is none of API Gateway is an answer too, not a crash', async () => {
  const { body } = await api.invoke({ hello: 'world' });
  expect(body).toMatchObject({ statusCode: 404, headers: { 'content-type': 'application/problem+json' } });
  expect(await post({ name: 'Ada' })).toMatchObject({ statusCode: 200 });
});
