import type { HttpSecret } from '../../../core/graph/binding';
import { model } from '../../../core/graph/component';
import { callerFor } from '../../../lambda/backends';
import { callOf, errorOf, printed } from './call';
import { answer, awsError, type Reply, Service, together, useAws } from './service';

/** Least time between two reads of a secret that a service refuses. */
const REREAD_MS = 10_000;

const judge = model('judge');
const hello = answer(200, { choices: [{ message: { content: 'Hello.' } }] });

let manager: Service;
let judges: Service;

beforeAll(async () => {
  manager = await Service.start();
  judges = await Service.start();
  useAws(manager, 'AWS_ENDPOINT_URL_SECRETS_MANAGER');
});

beforeEach(() => judges.replies(hello));

let nowMs: number;

beforeEach(() => {
  nowMs = Date.now();
  jest.spyOn(Date, 'now').mockImplementation(() => nowMs);
});

afterEach(() => jest.restoreAllMocks());

afterAll(async () => {
  await manager.stop();
  await judges.stop();
});

const holds = (text: string): Reply => answer(200, { Name: 'llm', SecretString: text });

/** A service that knows its caller by one header. */
const accepts =
  (authorization: string): Reply =>
  (response, received) =>
    (received.headers.authorization === authorization ? hello : answer(401, ''))(response, received);

function callWith(secret: Partial<HttpSecret>) {
  const call = callerFor({ judge: { type: 'http', url: judges.url, secret: { secretId: 'llm', ...secret } } });
  return () => call(callOf(judge, 'Hi'));
}

test.each<[HttpSecret, string, object]>([
  [{ secretId: 'llm' }, 'key-1', { authorization: 'Bearer key-1' }],
  [{ secretId: 'llm' }, 'key-1\n', { authorization: 'Bearer key-1' }],
  [{ secretId: 'llm', field: 'apiKey' }, '{"apiKey":"key-1"}', { authorization: 'Bearer key-1' }],
  [{ secretId: 'llm', header: 'x-api-key' }, 'key-1', { 'x-api-key': 'key-1' }],
  [{ secretId: 'llm', header: 'x-api-key', scheme: 'Key' }, 'key-1', { 'x-api-key': 'Key key-1' }],
  [{ secretId: 'llm', scheme: 'Basic' }, 'dTpw', { authorization: 'Basic dTpw' }],
  [{ secretId: 'llm', header: 'Authorization', scheme: '' }, 'key-1', { authorization: 'key-1' }],
])('the secret %j that holds %j is sent as %j', async (secret, text, headers) => {
  manager.replies(holds(text));
  await callWith(secret)();
  expect(judges.received[0]!.headers).toMatchObject(headers);
  expect(manager.received[0]).toMatchObject({
    headers: { 'x-amz-target': 'secretsmanager.GetSecretValue' },
    body: '{"SecretId":"llm"}',
  });
});

test('the secret replaces a header of its name, however it is spelt', async () => {
  manager.replies(holds('key-1'));
  const headers = { Authorization: 'Bearer none' };
  await callerFor({ judge: { type: 'http', url: judges.url, headers, secret: { secretId: 'llm' } } })(
    callOf(judge, 'Hi'),
  );
  expect(judges.received[0]!.headers.authorization).toBe('Bearer key-1');
});

test('a secret of another region is read there', async () => {
  manager.replies(holds('key-1'));
  await callWith({ secretId: 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:llm-AbCdEf' })();
  expect(manager.received[0]!.headers.authorization).toContain('/eu-central-1/secretsmanager/');
});

test('calls at once and calls after them read a secret once, for five minutes', async () => {
  manager.replies(holds('key-1'));
  const call = callWith({});
  await Promise.all([call(), call(), call()]);
  nowMs += 299_999;
  await call();
  expect(manager.received).toHaveLength(1);
  nowMs += 1;
  await call();
  expect(manager.received).toHaveLength(2);
});

test('a service without a secret costs no request', async () => {
  manager.replies(holds('key-1'));
  await callerFor({ judge: { type: 'http', url: judges.url } })(callOf(judge, 'Hi'));
  expect(manager.received).toHaveLength(0);
});

test.each([401, 403])('after HTTP %d a rotated secret is taken up within the same call', async (status) => {
  manager.replies(holds('key-1'));
  const call = callWith({});
  await call();

  nowMs += REREAD_MS;
  manager.replies(holds('key-2'));
  judges.replies((response, received) => {
    const isNew = received.headers.authorization === 'Bearer key-2';
    (isNew ? hello : answer(status, ''))(response, received);
  });
  await expect(call()).resolves.toMatchObject({ output: { text: 'Hello.' } });
  expect(judges.received).toHaveLength(2);
  await call();
  expect(manager.received).toHaveLength(1);
});

test('calls that are refused together read the rotated secret once', async () => {
  manager.replies(holds('key-1'));
  const call = callWith({});
  await call();

  nowMs += REREAD_MS;
  manager.replies(holds('key-2'));
  const refused = together(3, answer(401, ''));
  judges.replies((response, received) => {
    const isNew = received.headers.authorization === 'Bearer key-2';
    (isNew ? hello : refused)(response, received);
  });
  await Promise.all([call(), call(), call()]);
  expect(manager.received).toHaveLength(1);
});

test('a secret that is refused and was not rotated is not tried again', async () => {
  manager.replies(holds('key-1'));
  judges.replies(accepts('Bearer another'));
  const error = await errorOf(callWith({})());
  expect(error).toMatchObject({ kind: 'invalid', message: 'component "judge" was answered HTTP 401' });
  expect(printed(error)).not.toContain('key-1');
  expect(judges.received).toHaveLength(1);
});

test('a service that refuses every call costs one read of the secret in ten seconds', async () => {
  manager.replies(holds('key-1'));
  judges.replies(accepts('Bearer another'));
  const call = callWith({});
  for (const _ of Array(5)) await errorOf(call());
  expect(manager.received).toHaveLength(1);
  nowMs += REREAD_MS;
  for (const _ of Array(5)) await errorOf(call());
  expect(manager.received).toHaveLength(2);
});

test.each([
  ['ResourceNotFoundException', awsError(400, 'ResourceNotFoundException', 'no such secret'), 'invalid'],
  ['AccessDeniedException', awsError(400, 'AccessDeniedException', 'not authorized'), 'failed'],
  ['ThrottlingException', awsError(400, 'ThrottlingException', 'Rate exceeded'), 'throttled'],
  ['InternalServiceError', awsError(500, 'InternalServiceError', 'oops'), 'retryable'],
])('a secret that cannot be read is named, with %s, and read at the next call', async (code, reply, kind) => {
  manager.replies(reply);
  const call = callWith({});
  await expect(errorOf(call())).resolves.toMatchObject({
    kind,
    message: `component "judge" cannot read its secret "llm": ${code}`,
    cause: { code },
  });
  expect(manager.received).toHaveLength(1);
  expect(judges.received).toHaveLength(0);
  manager.replies(holds('key-1'));
  await expect(call()).resolves.toMatchObject({ output: { text: 'Hello.' } });
});

test.each<[what: string, reply: Reply, secret: Partial<HttpSecret>]>([
  ['empty', holds(' \n'), {}],
  ['bytes', answer(200, { SecretBinary: 'U0VDUkVU' }), {}],
  ['of two lines', holds('SECRET\nSECRET'), {}],
  ['no JSON object', holds('SECRET'), { field: 'key' }],
  ['null', holds('null'), { field: 'key' }],
  ['an object without the field', holds('{"SECRET":"SECRET"}'), { field: 'key' }],
  ['an object with another value in it', holds('{"key":{"SECRET":1}}'), { field: 'key' }],
])('a secret that is %s is named without a word of it', async (_, reply, secret) => {
  manager.replies(reply);
  const error = await errorOf(callWith(secret)());
  const where = secret.field ? ' in the field "key" of a JSON object' : '';
  expect(error).toMatchObject({
    kind: 'invalid',
    message: `component "judge" cannot use its secret "llm": expected a text for a header${where}`,
  });
  expect(printed(error)).not.toContain('SECRET');
  expect(judges.received).toHaveLength(0);
});
