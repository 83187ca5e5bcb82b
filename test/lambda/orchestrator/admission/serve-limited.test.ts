import type { TenantLimits } from '../../../../core/admission';
import { type RunReport, serve } from '../../../../lambda/orchestrator';
import { limitedTenant } from '../../../../lambda/orchestrator/admission/limits-of';
import { useLocalAws } from '../../../../local/aws-environment';
import { TENANTS } from '../../../../local/tenants';
import { VirtualClock } from '../../../../sim/kernel/virtual-clock';
import { type Stack, startStack, until } from '../../../local/aws/stack';
import { answer, Service } from '../../backends/service';
import { OutputOfProcess } from '../../telemetry/output';
import { completion, greet, writerAt } from '../agents';
import { contextOf, eventOf } from '../event';

let stack: Stack;
let service: Service;
let output: OutputOfProcess;
let restoreEnvironment: () => void;
let reports: RunReport[];
/** It stands still unless a test moves it: however long the table takes, no run begins unchecked because of it. */
let clock: VirtualClock;

beforeEach(async () => {
  reports = [];
  clock = new VirtualClock();
  stack = await startStack([], { tables: [TENANTS] });
  restoreEnvironment = useLocalAws(stack.url);
  service = await Service.start();
  service.replies(answer(200, completion('Hello.')));
  output = new OutputOfProcess();
});

afterEach(async () => {
  output.restore();
  restoreEnvironment();
  await service.stop();
  await stack.close();
});

const handlerOf = (limits: TenantLimits, more: { overrides?: Record<string, TenantLimits>; table?: string } = {}) =>
  serve(greet, {
    clock,
    config: { bindings: writerAt(service.url), tenantLimits: { table: TENANTS.name, limits, ...more } },
    onRunEnd: (report) => reports.push(report),
  });

/** A run of a tenant that a JWT authorizer names, or of nobody in particular. */
async function runOf(
  handler: ReturnType<typeof handlerOf>,
  tenant?: string,
  headers = {},
  body: unknown = { name: 'Ada' },
) {
  const event = eventOf({
    method: 'POST',
    path: '/agents/greet/runs',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
  const requestContext = { ...event.requestContext, authorizer: tenant === undefined ? null : { tenant } };
  const { statusCode, headers: answered, body: text } = await handler({ ...event, requestContext }, contextOf());
  return { status: statusCode, headers: answered!, body: JSON.parse(text) };
}

const metricsNamed = (name: string) =>
  output.lines.map((line) => JSON.parse(line)).filter((line) => line[name] !== undefined);

test('a tenant without a place left is refused with what it may have and when to come again, until a run of it ends', async () => {
  const waiting: (() => void)[] = [];
  service.replies((...call) => void waiting.push(() => answer(200, completion('Hello.'))(...call)));
  const handler = handlerOf({ concurrency: 1 });
  const first = runOf(handler, 'acme');
  await until(() => waiting.length === 1);

  const refused = await runOf(handler, 'acme');
  expect(refused).toMatchObject({
    status: 429,
    headers: { 'content-type': 'application/problem+json', 'retry-after': '1' },
    body: {
      type: 'urn:compound:problem:tenant-limit',
      title: 'The tenant has no room for another run',
      detail: 'the tenant may have 1 run under way at once, and has 1: ask again in 1 s',
      limit: 'concurrency',
      runId: expect.any(String),
    },
  });
  const other = runOf(handler, 'other');
  await until(() => waiting.length === 2);
  for (const go of waiting) go();
  expect([(await first).status, (await other).status]).toEqual([200, 200]);

  service.replies(answer(200, completion('Hello.')));
  expect((await runOf(handler, 'acme')).status).toBe(200);
});

test('a tenant that begins runs too fast is refused, which is counted and is no failure of the agent', async () => {
  const handler = handlerOf({ throttling: { rateLimit: 0.01, burstLimit: 2 } });
  const statuses = [];
  for (let request = 0; request < 4; request++) statuses.push((await runOf(handler, 'acme')).status);
  expect(statuses).toEqual([200, 200, 429, 429]);
  expect(Number((await runOf(handler, 'acme')).headers['retry-after'])).toBeGreaterThan(95);
  expect(metricsNamed('RefusedRequests')).toHaveLength(3);
  expect(metricsNamed('RefusedRequests')[0]).toMatchObject({ agent: 'greet', RefusedRequests: 1 });
  expect(metricsNamed('RunErrors')).toEqual([]);
  expect(reports).toHaveLength(2);
});

test('a tenant has what its override says, and of what that leaves out as much as the others', async () => {
  const limits = { concurrency: 5, throttling: { rateLimit: 0.01, burstLimit: 1 } };
  const handler = handlerOf(limits, { overrides: { acme: { throttling: { rateLimit: 0.01, burstLimit: 3 } } } });
  const statusesOf = async (tenant: string) => {
    const statuses = [];
    for (let request = 0; request < 4; request++) statuses.push((await runOf(handler, tenant)).status);
    return statuses;
  };
  expect(await statusesOf('acme')).toEqual([200, 200, 200, 429]);
  expect(await statusesOf('toString')).toEqual([200, 429, 429, 429]);
});

test('callers that nobody names share the limits of one tenant', async () => {
  const handler = handlerOf({ throttling: { rateLimit: 0.01, burstLimit: 1 } });
  expect([(await runOf(handler)).status, (await runOf(handler)).status]).toEqual([200, 429]);
});

test.each([
  ['fails', 500, () => service.replies(answer(400, {})), { name: 'Ada' }],
  ['has a bad input', 422, () => {}, {}],
])('a run that %s gives its place back', async (_, status, prepare, body) => {
  prepare();
  const handler = handlerOf({ concurrency: 1 });
  for (let request = 0; request < 3; request++) {
    const { status: seen } = await runOf(handler, 'acme', {}, body);
    expect(seen).toBe(status);
  }
});

test('without its table an agent serves everybody, and counts whom it has not checked', async () => {
  const handler = handlerOf({ concurrency: 1 }, { table: 'lost' });
  expect((await runOf(handler, 'acme')).status).toBe(200);
  expect(metricsNamed('UncheckedRequests')).toMatchObject([{ agent: 'greet', UncheckedRequests: 1 }]);
});

test('a table that fails is logged by the name of its error, once in five minutes', async () => {
  const handler = handlerOf({ concurrency: 1 }, { table: 'lost' });
  const logged = () => output.lines.filter((line) => line.includes('limits of tenants'));
  for (let request = 0; request < 3; request++) await runOf(handler, 'acme');
  expect(logged().map((line) => JSON.parse(line))).toMatchObject([
    { level: 'ERROR', agent: 'greet', fault: 'ResourceNotFoundException' },
  ]);
  clock.advance(300_000);
  await runOf(handler, 'acme');
  expect(logged()).toHaveLength(2);
});

test('a tenant that floods its item is refused, and is not let in unchecked', async () => {
  stack.aws.faults.add({ calls: 'DynamoDB.UpdateItem', outcome: 'throttled' });
  const { status, headers } = await runOf(handlerOf({ concurrency: 1 }), 'acme');
  expect([status, headers['retry-after']]).toEqual([429, '1']);
  expect(metricsNamed('UncheckedRequests')).toEqual([]);
});

test('a role is one tenant, by whatever name its callers call their sessions', () => {
  const keyOf = (userArn: string) => {
    const event = eventOf({ path: '/agents/greet/runs' });
    const requestContext = { ...event.requestContext, identity: { ...event.requestContext.identity, userArn } };
    return limitedTenant({ ...event, requestContext }, { table: TENANTS.name, limits: { concurrency: 1 } }).key;
  };
  const arn = 'arn:aws:sts::111122223333:assumed-role';
  expect(keyOf(`${arn}/Batch/one`)).toBe(keyOf(`${arn}/Batch/other`));
  expect(keyOf(`${arn}/Batch/one`)).not.toBe(keyOf(`${arn}/Web/one`));
  expect(keyOf('arn:aws:iam::111122223333:user/a')).not.toBe(keyOf('arn:aws:iam::111122223333:user/b'));
});

test('the table knows tenants by keys that say nothing of who they are', () => {
  const keyOf = (tenant: string) => {
    const event = eventOf({ path: '/agents/greet/runs' });
    const requestContext = { ...event.requestContext, authorizer: { tenant } };
    return limitedTenant({ ...event, requestContext }, { table: TENANTS.name, limits: { concurrency: 1 } }).key;
  };
  expect(keyOf('acme')).toBe(keyOf('acme'));
  expect(keyOf('acme')).not.toBe(keyOf('other'));
  expect(keyOf('acme')).toMatch(/^[\w-]{43}$/);
});
