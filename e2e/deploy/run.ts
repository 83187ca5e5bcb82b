// An agent stack from deployment to destruction, by the CDK command line, on an emulator of AWS.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import system from '../../examples/support-agent/local';
import { type Backends, startBackends } from '../backends';
import { eventually, logFolder, runProof, step } from '../steps';
import { Cdk, type DeployedStack } from './cdk';
import { DeployedApi, EVENTS, type Outputs } from './deployed';
import { Emulator } from './emulator';
import { FastClock } from './fast-clock';
import { saveFunctionLogs } from './function-logs';
import { newcomers, takeInventory } from './inventory';
import { TlsIssuer } from './issuer';
import { stackFailures, stackStatus, transferModes } from './stack-state';

const LIMIT_MS = 480_000;

/** The importer looks every 30 s, and waits 11 minutes before it is sure that nothing comes any more. */
const CLOCK_SPEED = 50;
const IMPORT_SECONDS = 100;

/** Longer than the 55 minutes for which one resource waits. */
const SLOW_IMPORT_SECONDS = 58 * 60;

/** Synthesis, and a function that starts. */
const SLOW_START_MS = 60_000;

const SLOW: DeployedStack = { name: 'E2eImport', app: 'import-app.ts' };

/** What stays when the stack is gone. */
const LEFT_BEHIND: readonly RegExp[] = [
  // The account's setting for access logs names it, and other APIs may have come to need that.
  /^roles: E2e-ApiCloudWatchRole/,
  // The emulator makes it again for the last line of the functions that deleted the model.
  /^log groups: .*BedrockModelImporterLogs/,
];

const logs = logFolder('deploy');

async function prove(): Promise<void> {
  const clock = new FastClock(CLOCK_SPEED);
  const backends = await startBackends(clock.now);
  try {
    const emulator = await step('the emulator starts', () =>
      Emulator.start({ ...backends.environment, ...clock.environment }, join(logs, 'emulator.log')),
    );
    const issuer = await TlsIssuer.start(clock.now);
    try {
      await proveLife(emulator, backends, issuer);
    } finally {
      await issuer.stop();
      // Of use only after a failure, which may have been the emulator's.
      await saveFunctionLogs(emulator, join(logs, 'functions.log')).catch(() => {});
      await emulator.stop();
    }
  } finally {
    await backends.stop();
  }
}

async function proveLife(emulator: Emulator, backends: Backends, issuer: TlsIssuer): Promise<void> {
  const { imports } = backends;
  const cdk = new Cdk(emulator, logs, { name: 'E2e', app: 'app.ts', context: { issuer: issuer.url } });
  const slowCdk = new Cdk(emulator, logs, SLOW);
  const models = () => modelsOf(backends, 'E2e-');

  await step('cdk bootstrap', () => cdk.bootstrap());
  const before = await takeInventory(emulator);

  await step('a failed import rolls the creation back, and the stack event says why', async () => {
    imports.setImports({ seconds: IMPORT_SECONDS, failure: 'no tokenizer.json' });
    await cdk.failToDeploy({ weights: 'first/' });
    assert.equal(await stackStatus(emulator), 'ROLLBACK_COMPLETE');
    assert.match(await stackFailures(emulator), /the import failed: no tokenizer\.json/);
    assert.deepEqual(models(), []);
  });

  const outputs = await step('the next deployment creates the stack', async () => {
    imports.setImports({ failure: undefined });
    const outputs: Outputs = await cdk.deploy({ weights: 'first/' });
    assert.equal(await stackStatus(emulator), 'CREATE_COMPLETE');
    assert.equal(models().length, 1);
    const kinds = new Set(newcomers(before, await takeInventory(emulator)).map((thing) => thing.split(':')[0]));
    for (const kind of ['APIs', 'dashboards', 'functions', 'log groups', 'roles', 'secrets', 'stacks', 'tables']) {
      assert.ok(kinds.has(kind), `the inventory does not see ${kind}`);
    }
    return outputs;
  });
  const api = new DeployedApi(emulator, outputs.Url, { role: outputs.CallerArn });

  await step('the agent answers through its API', () => assertAnswers(api, backends));
  await step('it is deployed to stream; the emulator does not, and all that it tells comes at once', async () => {
    assert.ok((await transferModes(emulator)).includes('STREAM'));
    const { status, headers, body } = await api.follow('support', system.example);
    assert.equal(status, 200, body);
    assert.equal(headers['content-type'], EVENTS);
    const events = [...body.matchAll(/^event: (\w+)$/gm)].map(([, name]) => name);
    assert.equal(events[0], 'run', body);
    assert.equal(events.at(-1), 'output', body);
  });
  await step('an agent whose configuration is in a secret answers as well', async () => {
    const { status, body } = await api.run('wide', {});
    assert.equal(status, 200, body);
    assert.ok(JSON.parse(body).output.sources > 0, body);
  });
  await step('tenants come in with tokens of their issuer, and none has more runs than its limit', async () => {
    const tenants = new DeployedApi(emulator, outputs.TenantUrl, {});
    const run = async (token?: string) => (await tenants.run('wide', {}, token === undefined ? {} : { token })).status;
    assert.equal(await run(), 401);
    assert.equal(await run(issuer.token('acme', { isForged: true })), 401);
    const acme = issuer.token('acme');
    assert.equal(await run(acme), 200);
    assert.equal(await run(acme), 429);
    assert.equal(await run(issuer.token('globex')), 200);
  });
  await step('the API tells what there is, and lets in only who may call it', async () => {
    const { agents } = JSON.parse((await api.get('agents')).body);
    assert.deepEqual(
      agents.map(({ name }: { readonly name: string }) => name),
      ['support', 'wide'],
    );
    assert.equal(JSON.parse((await api.get('agents/support')).body).name, 'support');
    assert.match(JSON.parse((await api.get('openapi.json')).body).openapi, /^3\./);
    for (const stranger of [{}, { role: outputs.StrangerArn }]) {
      assert.equal((await api.run('support', system.example, stranger)).status, 403);
    }
    const refusal = await api.run('support', { question: 7 });
    assert.ok([400, 422].includes(refusal.status), refusal.body);
  });
  await step('its log has a line for each run, and no prompts', async () => {
    const [{ events }] = await emulator.calls([
      { service: 'logs', operation: 'filter_log_events', parameters: { logGroupName: outputs.LogGroup } },
    ]);
    const lines: string = events.map(({ message }: { readonly message: string }) => message).join('\n');
    assert.equal(lines.match(/"message":"run succeeded"/g)?.length, 2, lines);
    assert.ok(!lines.includes('Lambda function read from an S3 bucket'), lines);
  });

  // It goes on beside the updates that follow.
  imports.setImports({ seconds: SLOW_IMPORT_SECONDS });
  const slow = slowCdk.failToDeploy();
  slow.catch(() => {});
  await step('an import starts whose stack will fail before it ends', () =>
    eventually('the slow import', SLOW_START_MS, async () =>
      imports.jobs.some(({ status }) => status === 'InProgress'),
    ),
  );
  imports.setImports({ seconds: IMPORT_SECONDS });

  const [first] = models();
  await step('changed weights make a new model, and the old one goes', async () => {
    await cdk.deploy({ weights: 'second/' });
    assert.equal(await stackStatus(emulator), 'UPDATE_COMPLETE');
    assert.equal(models().length, 1);
    assert.notEqual(models()[0], first);
    await assertAnswers(api, backends);
  });

  const [second] = models();
  await step('a failed import rolls the update back, and the agent goes on with the model it had', async () => {
    imports.setImports({ failure: 'unknown architecture' });
    await cdk.failToDeploy({ weights: 'third/' });
    assert.equal(await stackStatus(emulator), 'UPDATE_ROLLBACK_COMPLETE');
    assert.match(await stackFailures(emulator), /the import failed: unknown architecture/);
    assert.deepEqual(models(), [second]);
    await assertAnswers(api, backends);
  });

  await step('a stack that goes while its import runs waits for the end of it, and deletes the model', async () => {
    await slow;
    assert.equal(await stackStatus(emulator, SLOW.name), 'ROLLBACK_COMPLETE');
    assert.match(await stackFailures(emulator, SLOW.name), /WaitCondition/);
    const job = imports.jobs.find(({ jobName }) => jobName.startsWith(`${SLOW.name}-`));
    assert.equal(job?.status, 'Completed');
    assert.deepEqual(modelsOf(backends, `${SLOW.name}-`), []);
  });

  await step('cdk destroy leaves nothing', async () => {
    await Promise.all([cdk.destroy(), slowCdk.destroy()]);
    assert.deepEqual(models(), []);
    const left = newcomers(before, await takeInventory(emulator));
    assert.deepEqual(
      left.filter((thing) => !LEFT_BEHIND.some((known) => known.test(thing))),
      [],
    );
  });
}

/** ARNs of the imported models whose names begin so, in the order of their import. */
function modelsOf({ imports }: Backends, prefix: string): string[] {
  return [...imports.models.values()]
    .filter(({ modelName }) => modelName.startsWith(prefix))
    .map(({ modelArn }) => modelArn);
}

/** A run goes through, and its last word is that of the model which was imported last. */
async function assertAnswers(api: DeployedApi, backends: Backends): Promise<void> {
  const { status, body, headers } = await api.run('support', system.example);
  assert.equal(status, 200, body);
  const { runId, output } = JSON.parse(body);
  assert.equal(headers['compound-run-id'], runId);
  assert.ok(output.answer.length > 0 && output.citations.length > 0, body);
  assert.equal(backends.modelsCalled.at(-1), modelsOf(backends, 'E2e-').at(-1));
}

void runProof('e2e:deploy', LIMIT_MS, logs, prove);
