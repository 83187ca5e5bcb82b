import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CONFIG_VARIABLE } from '../../../core/api/config-variable';
import { ConfigError, serve } from '../../../lambda/orchestrator';
import { readConfig } from '../../../lambda/orchestrator/config';
import { answer, Service } from '../backends/service';
import { OutputOfProcess } from '../telemetry/output';
import { completion, greet, writerAt } from './agents';
import { run } from './event';

const directory = mkdtempSync(join(tmpdir(), 'compound-config-'));
const path = join(directory, 'config.json');

afterEach(() => {
  delete process.env[CONFIG_VARIABLE];
});

afterAll(() => rmSync(directory, { recursive: true }));

const NOT_SET =
  'COMPOUND_CONFIG is not set: it must hold the bindings as JSON, or name a JSON file or secret:<arn> with them';

function write(config: unknown): void {
  writeFileSync(path, typeof config === 'string' ? config : JSON.stringify(config));
}

/** The message of the error that reading must end with. */
function faultOf(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new Error('the configuration was accepted');
}

test('every kind of binding is read as it stands', () => {
  const config = {
    bindings: {
      planner: { type: 'sagemaker', endpointName: 'gpu', inferenceComponentName: 'planner', region: 'us-west-2' },
      writer: { type: 'bedrock', modelId: 'arn:aws:bedrock:us-east-1:111122223333:imported-model/abc' },
      search: { type: 'lambda', functionName: 'search', price: { perCallUsd: 0.000002, perMillionInputTokensUsd: 0 } },
      judge: { type: 'http', url: 'http://10.0.0.7:8000/v1', model: 'qwen3-8b', headers: { authorization: 'x' } },
      critic: {
        type: 'http',
        url: 'https://llm.example.com',
        secret: { secretId: 'llm', field: 'key', header: 'x-api-key', scheme: '' },
      },
    },
    deadlineMs: 20_000,
  };
  write(config);
  expect(readConfig(path)).toEqual(config);
});

test('a configuration can stand in the variable itself', () => {
  const config = { bindings: { search: { type: 'lambda', functionName: 'search' } } };
  expect(readConfig(JSON.stringify(config))).toEqual(config);
  expect(faultOf(() => readConfig('{"bindings": SECRET'))).toBe('COMPOUND_CONFIG cannot be read as JSON');
  expect(faultOf(() => readConfig('{}'))).toBe(
    'COMPOUND_CONFIG: bindings must be an object with a binding for each component',
  );
});

test('no bindings at all are bindings', () => {
  write({ bindings: {} });
  expect(readConfig(path)).toEqual({ bindings: {} });
});

test.each([undefined, ''])('%p names no file', (unset) => {
  expect(faultOf(() => readConfig(unset))).toBe(NOT_SET);
});

test.each([
  ['that is not there', () => join(directory, 'missing.json')],
  ['that is a directory', () => directory],
  [
    'that is malformed',
    () => {
      write('{"bindings": SECRET');
      return path;
    },
  ],
])('a file %s is named', (_, fileAt) => {
  const file = fileAt();
  expect(faultOf(() => readConfig(file))).toBe(`${file} cannot be read as JSON`);
});

const http = (fields: object) => ({ bindings: { a: { type: 'http', url: 'http://x', ...fields } } });

const TYPES = 'sagemaker, bedrock, lambda, http, spillover';

test.each([
  ['a list', [], 'must be an object'],
  ['null', null, 'must be an object'],
  ['no bindings', {}, 'bindings must be an object with a binding for each component'],
  ['a list of bindings', { bindings: [] }, 'bindings must be an object with a binding for each component'],
  ['a binding that is a text', { bindings: { a: 'http://x' } }, `bindings.a.type must be one of ${TYPES}`],
  ['a binding without a type', { bindings: { a: {} } }, `bindings.a.type must be one of ${TYPES}`],
  ['a type of long ago', { bindings: { a: { type: 'openai' } } }, `bindings.a.type must be one of ${TYPES}`],
  ['a type of every object', { bindings: { a: { type: 'toString' } } }, `bindings.a.type must be one of ${TYPES}`],
  ['no endpoint', { bindings: { a: { type: 'sagemaker' } } }, 'bindings.a.endpointName must be a string'],
  ['an empty model id', { bindings: { a: { type: 'bedrock', modelId: '' } } }, 'bindings.a.modelId must be a string'],
  [
    'a function by number',
    { bindings: { a: { type: 'lambda', functionName: 7 } } },
    'bindings.a.functionName must be a string',
  ],
  [
    'no URL, by another name',
    { bindings: { a: { type: 'http', uri: 'http://x' } } },
    'bindings.a.url must be a string; bindings.a.uri is none of url, model, headers, secret, price',
  ],
  [
    'a field of another backend',
    { bindings: { a: { type: 'lambda', functionName: 'search', modelId: 'nova' } } },
    'bindings.a.modelId is none of functionName, region, price',
  ],
  [
    'a region that is none',
    { bindings: { a: { type: 'bedrock', modelId: 'nova', region: '' } } },
    'bindings.a.region must be a string',
  ],
  [
    'an inference component by number',
    { bindings: { a: { type: 'sagemaker', endpointName: 'gpu', inferenceComponentName: 7 } } },
    'bindings.a.inferenceComponentName must be a string',
  ],
  ['a model by number', http({ model: 8 }), 'bindings.a.model must be a string'],
  ['headers as text', http({ headers: 'SECRET' }), 'bindings.a.headers must be an object of strings'],
  ['headers in a list', http({ headers: ['SECRET'] }), 'bindings.a.headers must be an object of strings'],
  ['a header that is no text', http({ headers: { a: '', key: 7 } }), 'bindings.a.headers.key must be a string'],
  ['a secret itself', http({ secret: 'SECRET' }), 'bindings.a.secret must be an object'],
  ['a secret without its id', http({ secret: { field: 'key' } }), 'bindings.a.secret.secretId must be a string'],
  [
    'a secret by number, in a header without a name',
    http({ secret: { secretId: 'key', field: 1, header: '', scheme: null } }),
    'bindings.a.secret.field must be a string; bindings.a.secret.header must be a string; ' +
      'bindings.a.secret.scheme must be a string',
  ],
  [
    'a secret with its value',
    http({ secret: { secretId: 'key', value: 'SECRET' } }),
    'bindings.a.secret.value is none of secretId, field, header, scheme',
  ],
  ['a price alone', http({ price: 0.5 }), 'bindings.a.price must be an object'],
  [
    'prices as text, below 0 and without end',
    `{"bindings":{"a":{"type":"http","url":"http://x","price":{"perCallUsd":"1","perMillionInputTokensUsd":-1,"perMillionOutputTokensUsd":1e999}}}}`,
    'bindings.a.price.perCallUsd must be a number from 0, got: "1"; ' +
      'bindings.a.price.perMillionInputTokensUsd must be a number from 0, got: -1; ' +
      'bindings.a.price.perMillionOutputTokensUsd must be a number from 0, got: Infinity',
  ],
  [
    'a price by another name',
    http({ price: { perCall: 1 } }),
    'bindings.a.price.perCall is none of perCallUsd, perMillionInputTokensUsd, perMillionOutputTokensUsd, perCopyHourUsd, concurrencyPerCopy, source',
  ],
  ['no time', { bindings: {}, deadlineMs: 0 }, 'deadlineMs must be a positive number, got: 0'],
  ['time as text', { bindings: {}, deadlineMs: '9' }, 'deadlineMs must be a positive number, got: "9"'],
  [
    'records of some runs',
    { bindings: {}, runRecords: 'some' },
    'runRecords must be one of all, failed, none, got: "some"',
  ],
  [
    'limits of no table',
    { bindings: {}, tenantLimits: { limits: { concurrency: 1 } } },
    'tenantLimits.table must be a string',
  ],
  [
    'limits that are none',
    {
      bindings: {},
      tenantLimits: { table: 't', limits: { concurrency: 0, throttling: { rateLimit: 0, burstLimit: 1.5 } } },
    },
    'tenantLimits.limits.concurrency must be a whole number from 1, got: 0; ' +
      'tenantLimits.limits.throttling.rateLimit must be a positive number of runs a second, got: 0; ' +
      'tenantLimits.limits.throttling.burstLimit must be a whole number from 1, got: 1.5',
  ],
  [
    'an unknown limit of a tenant',
    { bindings: {}, tenantLimits: { table: 't', limits: {}, overrides: { acme: { quota: 1 } } } },
    'tenantLimits.overrides.acme.quota is none of concurrency, throttling',
  ],
  [
    'several faults',
    { bindings: { a: { type: 'http' }, b: {} }, deadlineMs: -1 },
    `deadlineMs must be a positive number, got: -1; bindings.a.url must be a string; bindings.b.type must be one of ${TYPES}`,
  ],
])('%s is refused by the name of the field', (_, config, fault) => {
  write(config);
  expect(faultOf(() => readConfig(path))).toBe(`${path}: ${fault}`);
});

const CALLERS_SEE = 'the agent is not configured; the log of the run says what is wrong';
const UNBOUND = 'no backend is bound to "writer" of agent "greet": add it to the deployment';

test.each([
  ['is not set', undefined, NOT_SET, CALLERS_SEE],
  ['names nothing', '/nowhere/config.json', '/nowhere/config.json cannot be read as JSON', CALLERS_SEE],
  ['binds nothing', '{"bindings":{}}', UNBOUND, UNBOUND],
])(
  'a variable that %s is told to the log and counted as a failed run; callers are told what they may know of the agent',
  async (_, variable, fault, detail) => {
    if (variable !== undefined) process.env[CONFIG_VARIABLE] = variable;
    const output = new OutputOfProcess();
    const { status, headers, body } = await run(serve(greet), 'greet', { name: 'Ada' });
    output.restore();
    expect({ status, type: headers['content-type'] }).toEqual({ status: 500, type: 'application/problem+json' });
    expect(body).toEqual({
      type: 'urn:compound:problem:agent-fault',
      title: 'The agent itself failed',
      status: 500,
      detail,
      runId: expect.any(String),
    });
    const lines = output.lines.map((line) => JSON.parse(line));
    expect(lines.filter(({ level }) => level)).toEqual([
      {
        level: 'ERROR',
        message: 'the agent is not configured',
        service: 'orchestrator',
        timestamp: expect.any(String),
        runId: body.runId,
        agent: 'greet',
        fault,
      },
    ]);
    const counted = lines.filter(({ _aws }) => _aws);
    expect(counted).toMatchObject([
      { agent: 'greet', RunErrors: 1 },
      { agent: 'greet', kind: 'invalid', RunErrors: 1 },
    ]);
    expect(counted[0]).not.toHaveProperty('kind');
  },
);

test('a configuration that appears is read at the next run, and then kept', async () => {
  const service = await Service.start();
  service.replies(answer(200, completion('Hello.')));
  process.env[CONFIG_VARIABLE] = join(directory, 'late.json');
  const handler = serve(greet, { onRunEnd: () => {} });
  const status = async () => (await run(handler, 'greet', { name: 'Ada' })).status;

  const output = new OutputOfProcess();
  expect(await status()).toBe(500);
  output.restore();
  writeFileSync(join(directory, 'late.json'), JSON.stringify({ bindings: writerAt(service.url) }));
  expect(await status()).toBe(200);
  rmSync(join(directory, 'late.json'));
  expect(await status()).toBe(200);
  await service.stop();
});
