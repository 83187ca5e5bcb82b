import { CONFIG_VARIABLE } from '../../../core/api/config-variable';
import { serve } from '../../../lambda/orchestrator';
import { readConfig } from '../../../lambda/orchestrator/config';
import { LOOK_AGAIN_MS } from '../../../lambda/orchestrator/config-source';
import { answer, awsError, Service, useAws } from '../backends/service';
import { OutputOfProcess } from '../telemetry/output';
import { completion, greet, writerAt } from './agents';
import { run } from './event';
import { secretStore } from './secret-store';

const search = { type: 'lambda', functionName: 'search' };
const judge = { type: 'bedrock', modelId: 'nova' };

let store: Service;
let writer: Service;

beforeAll(async () => {
  store = await Service.start();
  writer = await Service.start();
  useAws(store, 'AWS_ENDPOINT_URL_SECRETS_MANAGER');
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

/** A secret that holds where the writer is, and can be written anew. */
const storeWriterAt = (url: string) =>
  store.replies(secretStore({ greeter: [JSON.stringify({ bindings: writerAt(url) })] }));

const stored = (revision: string, bindings: object, more: object = {}) =>
  JSON.stringify({ revision, bindings, ...more });

const ARN = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:Config-AbCdEf';

test('a secret holds all of it, and is read where its ARN says', async () => {
  store.replies(secretStore({ [ARN]: [JSON.stringify({ bindings: { search }, deadlineMs: 20_000 })] }));
  await expect(readConfig(`secret:${ARN}`)).resolves.toEqual({ bindings: { search }, deadlineMs: 20_000 });
  expect(store.received).toHaveLength(1);
  expect(store.received[0]!.headers).toMatchObject({
    'x-amz-target': 'secretsmanager.GetSecretValue',
    authorization: expect.stringContaining('/eu-central-1/secretsmanager/'),
  });
});

describe('while a deployment goes on, which writes the secret before it replaces the function', () => {
  test('each function reads what belongs to it, and reads once if that is current', async () => {
    store.replies(secretStore({ [ARN]: [stored('r2', { judge }, { deadlineMs: 9_000 }), stored('r1', { search })] }));
    await expect(readConfig(`secret:${ARN}#r2`)).resolves.toMatchObject({ bindings: { judge }, deadlineMs: 9_000 });
    expect(store.received).toHaveLength(1);
    await expect(readConfig(`secret:${ARN}#r1`)).resolves.toMatchObject({ bindings: { search } });
  });

  test('the former function need not understand what the next one is told', async () => {
    const next = stored('r2', { search: { type: 'mainframe' } }, { deadlineMs: 'soon' });
    store.replies(secretStore({ [ARN]: [next, stored('r1', { search })] }));
    await expect(readConfig(`secret:${ARN}#r1`)).resolves.toMatchObject({ bindings: { search } });
  });
});

describe('a configuration in several secrets', () => {
  const judged = { judge: { ...judge, region: 'us-east-1' } };

  test('is what they hold together, in the revision of the function', async () => {
    store.replies(
      secretStore({
        a: [stored('r1', { search }, { deadlineMs: 9_000, further: ['b', 'c'] })],
        b: [stored('r2', {}), stored('r1', judged)],
        c: ['{"revision":"r1","runRecords":"none"}'],
      }),
    );
    await expect(readConfig('secret:a#r1')).resolves.toEqual({
      revision: 'r1',
      bindings: { search, ...judged },
      deadlineMs: 9_000,
      runRecords: 'none',
    });
  });

  test.each<[what: string, further: unknown, fault: string]>([
    ['names them by a text', 'b', 'secret:a: further must be a list of secrets'],
    ['names one by nothing', [''], 'secret:a: further must be a list of secrets'],
    [
      'names one that was not written along',
      ['b'],
      'secret:b does not hold revision r1, which the function needs: deploy again, and let nothing else write to it',
    ],
    ['names one with a wrong field', ['c'], 'secret:a: bindings.writer.modelId must be a string'],
  ])('is refused where the first %s', async (_, further, fault) => {
    store.replies(
      secretStore({
        a: [stored('r1', { search }, { further })],
        b: [stored('r2', judged)],
        c: [stored('r1', { writer: { type: 'bedrock' } })],
      }),
    );
    await expect(readConfig('secret:a#r1')).rejects.toMatchObject({ name: 'ConfigError', message: fault });
  });
});

test.each<[what: string, source: string, texts: readonly string[], fault: string]>([
  [
    'no secret',
    'secret:',
    [],
    'COMPOUND_CONFIG must name a secret as in secret:<arn> or secret:<arn>#<revision>, got: secret:',
  ],
  [
    'a revision without a name',
    'secret:a#',
    [],
    'COMPOUND_CONFIG must name a secret as in secret:<arn> or secret:<arn>#<revision>, got: secret:a#',
  ],
  [
    'a secret that was written once, for another function',
    'secret:a#r2',
    [stored('r1', { search })],
    'secret:a does not hold revision r2, which the function needs: deploy again, and let nothing else write to it',
  ],
  [
    'a secret that was written twice, for other functions',
    'secret:a#r3',
    [stored('r2', { search }), JSON.stringify({ bindings: { search } })],
    'secret:a does not hold revision r3, which the function needs: deploy again, and let nothing else write to it',
  ],
  ['no JSON', 'secret:a#r1', ['{"bindings": SECRET'], 'secret:a cannot be read as JSON'],
  ['no configuration', 'secret:a', ['"SECRET"'], 'secret:a: must be an object'],
  [
    'a wrong field',
    'secret:a',
    ['{"bindings":{"writer":{"type":"bedrock"}}}'],
    'secret:a: bindings.writer.modelId must be a string',
  ],
])('%s is refused by the name of the secret', async (_, source, texts, fault) => {
  store.replies(secretStore({ a: texts }));
  await expect(readConfig(source)).rejects.toMatchObject({ name: 'ConfigError', message: fault });
});

test('bytes are no configuration', async () => {
  store.replies(answer(200, { ARN, SecretBinary: 'AAAA' }));
  await expect(readConfig('secret:a')).rejects.toMatchObject({ message: 'secret:a cannot be read as JSON' });
});

test.each([
  ['is not permitted', 'AccessDeniedException'],
  ['finds no secret', 'ResourceNotFoundException'],
])('a read that %s says what the function needs', async (_, code) => {
  store.replies(awsError(400, code, 'no'));
  await expect(readConfig('secret:a#r1')).rejects.toMatchObject({
    name: 'ConfigError',
    message:
      `secret:a cannot be read: ${code}; the function needs secretsmanager:GetSecretValue on it, ` +
      'and a way to reach Secrets Manager',
  });
});

test('a read that is throttled is tried again', async () => {
  const holds = secretStore({ a: [stored('r1', { search })] });
  store.replies((response, received) => {
    const reply = store.received.length === 1 ? awsError(400, 'ThrottlingException', 'Rate exceeded') : holds;
    reply(response, received);
  });
  await expect(readConfig('secret:a#r1')).resolves.toMatchObject({ bindings: { search } });
});

test('the secret is read while the function starts, once for all runs', async () => {
  process.env[CONFIG_VARIABLE] = 'secret:greeter';
  const asked = new Promise<void>((resolve) => {
    const holds = secretStore({ greeter: [JSON.stringify({ bindings: writerAt(writer.url) })] });
    store.replies((response, received) => {
      resolve();
      holds(response, received);
    });
  });
  const handler = serve(greet, { onRunEnd: () => {} });
  await asked;
  expect(await Promise.all([statusOf(handler), statusOf(handler)])).toEqual([200, 200]);
  expect(store.received).toHaveLength(1);
});

test('a run tells the log why it cannot be read, and the next run reads it anew', async () => {
  process.env[CONFIG_VARIABLE] = 'secret:greeter';
  store.replies(secretStore({}));
  const handler = serve(greet, { onRunEnd: () => {} });
  const output = new OutputOfProcess();
  expect(await statusOf(handler)).toBe(500);
  output.restore();
  expect(output.text).toContain('secret:greeter cannot be read: ResourceNotFoundException');
  storeWriterAt(writer.url);
  expect(await statusOf(handler)).toBe(200);
});

describe('a backend that refuses a call', () => {
  let nowMs = 0;

  beforeEach(() => {
    process.env[CONFIG_VARIABLE] = 'secret:greeter';
    nowMs = Date.now();
    jest.spyOn(Date, 'now').mockImplementation(() => nowMs);
  });

  test('may have been replaced by a deployment: the next run looks at the secret again', async () => {
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

  test('makes no run look again within a minute, and none if the secret cannot be read', async () => {
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
        fault: expect.stringContaining('secret:greeter cannot be read: AccessDeniedException'),
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
    store.replies(secretStore({ greeter: [JSON.stringify({ bindings: { search } })] }));
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
