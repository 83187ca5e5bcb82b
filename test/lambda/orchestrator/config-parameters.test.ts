import { CONFIG_VARIABLE } from '../../../core/api/config-variable';
import { serve } from '../../../lambda/orchestrator';
import { readConfig } from '../../../lambda/orchestrator/config';
import { LOOK_AGAIN_MS } from '../../../lambda/orchestrator/config-source';
import { answer, awsError, Service, useAws } from '../backends/service';
import { OutputOfProcess } from '../telemetry/output';
import { completion, greet, writerAt } from './agents';
import { run } from './event';
import { parameterStore } from './parameter-store';

const search = { type: 'lambda', functionName: 'search' };
const planner = { type: 'sagemaker', endpointName: 'gpu', inferenceComponentName: 'planner' };
const judge = { type: 'bedrock', modelId: 'nova' };

let store: Service;
let writer: Service;

beforeAll(async () => {
  store = await Service.start();
  writer = await Service.start();
  useAws(store, 'AWS_ENDPOINT_URL_SSM');
});

beforeEach(() => writer.replies(answer(200, completion('Hello.'))));

afterEach(() => {
  delete process.env[CONFIG_VARIABLE];
  jest.restoreAllMocks();
});

afterAll(async () => {
  await store.stop();
  await writer.stop();
});

const statusOf = async (handler: ReturnType<typeof serve>) => (await run(handler, 'greet', { name: 'Ada' })).status;

/** A server that keeps what its writer is, and can be told another. */
const storeWriterAt = (url: string) =>
  store.replies(parameterStore({ '/greeter/0': JSON.stringify({ bindings: writerAt(url) }) }));

test.each(['ssm:/compound/agent/', 'ssm:/compound/agent', 'ssm:/compound/agent/#3'])(
  '%s is all parameters directly below the path, page by page',
  async (source) => {
    store.replies(
      parameterStore({
        '/compound/agent/0': JSON.stringify({ bindings: { search }, deadlineMs: 20_000 }),
        '/compound/agent/1': JSON.stringify({ bindings: { planner } }),
        '/compound/agent/2': JSON.stringify({ bindings: { judge } }),
        '/compound/agent/other/0': JSON.stringify({ bindings: { judge } }),
        '/compound/agents/0': JSON.stringify({ bindings: { search } }),
      }),
    );
    await expect(readConfig(source)).resolves.toEqual({ bindings: { search, planner, judge }, deadlineMs: 20_000 });
    expect(store.received.map(({ headers }) => headers['x-amz-target'])).toEqual([
      'AmazonSSM.GetParametersByPath',
      'AmazonSSM.GetParametersByPath',
    ]);
    expect(JSON.parse(store.received[0]!.body)).toEqual({ Path: '/compound/agent', MaxResults: 10 });
  },
);

test.each<[what: string, source: string, parameters: Record<string, string>, fault: string]>([
  [
    'a path without a slash',
    'ssm:agent',
    {},
    'COMPOUND_CONFIG must name a path of SSM parameters as in ssm:/path/, got: ssm:agent',
  ],
  [
    'a number that is none',
    'ssm:/a/#revision-7',
    {},
    'COMPOUND_CONFIG must name a path of SSM parameters as in ssm:/path/, got: ssm:/a/#revision-7',
  ],
  [
    'one parameter of two',
    'ssm:/a/#2',
    { '/a/0': JSON.stringify({ bindings: { search } }) },
    'ssm:/a holds 1 parameters, the deployment has 2: deploy again, and keep nothing else below the path',
  ],
  ['no parameters', 'ssm:/a/', {}, 'ssm:/a holds no parameters: the deployment must write the bindings below it'],
  ['no JSON', 'ssm:/a/', { '/a/0': '{"bindings": SECRET' }, 'ssm:/a/0 cannot be read as JSON'],
  [
    'a wrong field',
    'ssm:/a/',
    { '/a/0': '{"bindings":{}}', '/a/1': '{"bindings":{"writer":{"type":"bedrock"}}}' },
    'ssm:/a/1: bindings.writer.modelId must be a string',
  ],
  [
    'a binding twice',
    'ssm:/a/',
    { '/a/0': JSON.stringify({ bindings: { search } }), '/a/1': JSON.stringify({ bindings: { search } }) },
    'ssm:/a/1: bindings.search is in another parameter too: remove one of them',
  ],
])('%s is refused by the name of the parameter', async (_, source, parameters, fault) => {
  store.replies(parameterStore(parameters));
  await expect(readConfig(source)).rejects.toMatchObject({ name: 'ConfigError', message: fault });
});

test('a read that is not permitted says what the function needs', async () => {
  store.replies(awsError(400, 'AccessDeniedException', 'User is not authorized'));
  await expect(readConfig('ssm:/a/')).rejects.toMatchObject({
    name: 'ConfigError',
    message:
      'ssm:/a cannot be read: AccessDeniedException; the function needs ssm:GetParametersByPath on parameter/a, ' +
      'and a way to reach SSM',
  });
});

test('a read that is throttled is tried again', async () => {
  const stored = parameterStore({ '/a/0': JSON.stringify({ bindings: { search } }) });
  store.replies((response, received) => {
    const reply = store.received.length === 1 ? awsError(400, 'ThrottlingException', 'Rate exceeded') : stored;
    reply(response, received);
  });
  await expect(readConfig('ssm:/a/')).resolves.toEqual({ bindings: { search } });
});

test('the parameters are read while the function starts, once for all runs', async () => {
  process.env[CONFIG_VARIABLE] = 'ssm:/greeter/';
  const asked = new Promise<void>((resolve) => {
    const stored = parameterStore({ '/greeter/0': JSON.stringify({ bindings: writerAt(writer.url) }) });
    store.replies((response, received) => {
      resolve();
      stored(response, received);
    });
  });
  const handler = serve(greet, { onRunEnd: () => {} });
  await asked;
  expect(await Promise.all([statusOf(handler), statusOf(handler)])).toEqual([200, 200]);
  expect(store.received).toHaveLength(1);
});

test('a run tells the log why they cannot be read, and the next run reads them anew', async () => {
  process.env[CONFIG_VARIABLE] = 'ssm:/greeter/';
  store.replies(parameterStore({}));
  const handler = serve(greet, { onRunEnd: () => {} });
  const output = new OutputOfProcess();
  expect(await statusOf(handler)).toBe(500);
  output.restore();
  expect(output.text).toContain('ssm:/greeter holds no parameters');
  storeWriterAt(writer.url);
  expect(await statusOf(handler)).toBe(200);
});

describe('a backend that refuses a call', () => {
  let nowMs = 0;

  beforeEach(() => {
    process.env[CONFIG_VARIABLE] = 'ssm:/greeter/';
    nowMs = Date.now();
    jest.spyOn(Date, 'now').mockImplementation(() => nowMs);
  });

  test('may have been replaced by a deployment: the next run looks at the parameters again', async () => {
    storeWriterAt(`${writer.url}/old`);
    const handler = serve(greet, { onRunEnd: () => {} });
    expect(await statusOf(handler)).toBe(200);

    writer.replies((response, received) => {
      const isOld = received.path.startsWith('/old');
      (isOld ? answer(404, '') : answer(200, completion('Hello.')))(response, received);
    });
    storeWriterAt(`${writer.url}/new`);
    nowMs += LOOK_AGAIN_MS;
    expect(await statusOf(handler)).toBe(500);
    expect(await statusOf(handler)).toBe(200);
  });

  test('makes no run look again within a minute, and none if the parameters cannot be read', async () => {
    storeWriterAt(writer.url);
    const handler = serve(greet, { onRunEnd: () => {} });
    expect(await statusOf(handler)).toBe(200);
    writer.replies(answer(404, ''));
    store.replies(awsError(400, 'AccessDeniedException', 'no'));

    expect(await statusOf(handler)).toBe(500);
    expect(await statusOf(handler)).toBe(500);
    expect(store.received).toHaveLength(0);
    nowMs += LOOK_AGAIN_MS;
    expect(await statusOf(handler)).toBe(500);
    writer.replies(answer(200, completion('Hello.')));
    const output = new OutputOfProcess();
    expect([await statusOf(handler), await statusOf(handler)]).toEqual([200, 200]);
    output.restore();
    expect(store.received).toHaveLength(1);
    expect(output.lines.map((line) => JSON.parse(line))).toMatchObject([
      {
        level: 'ERROR',
        message: 'the configuration cannot be read again: the former one stays in use',
        fault: expect.stringContaining('ssm:/greeter cannot be read: AccessDeniedException'),
      },
    ]);
  });

  test('is remembered, whatever runs that end after it have seen', async () => {
    storeWriterAt(`${writer.url}/old`);
    const handler = serve(greet, { onRunEnd: () => {} });
    expect(await statusOf(handler)).toBe(200);
    storeWriterAt(`${writer.url}/new`);
    nowMs += LOOK_AGAIN_MS;

    let release: (() => void) | undefined;
    writer.replies((response, received) => {
      if (!received.body.includes('Bob')) return answer(404, '')(response, received);
      release = () => answer(200, completion('Hello.'))(response, received);
    });
    const slow = run(handler, 'greet', { name: 'Bob' });
    while (!release) await new Promise((resolve) => setImmediate(resolve));
    expect(await statusOf(handler)).toBe(500);
    release();
    expect((await slow).status).toBe(200);

    writer.replies(answer(200, completion('Hello.')));
    expect(await statusOf(handler)).toBe(200);
    expect(writer.received[0]!.path).toMatch(/^\/new/);
  });

  test('a component without a backend may have got one: a run after a minute looks again', async () => {
    store.replies(parameterStore({ '/greeter/0': JSON.stringify({ bindings: { search } }) }));
    const handler = serve(greet, { onRunEnd: () => {} });
    const output = new OutputOfProcess();
    expect([await statusOf(handler), await statusOf(handler)]).toEqual([500, 500]);
    expect(store.received).toHaveLength(1);

    storeWriterAt(writer.url);
    nowMs += LOOK_AGAIN_MS;
    expect([await statusOf(handler), await statusOf(handler)]).toEqual([500, 200]);
    output.restore();
  });
});
