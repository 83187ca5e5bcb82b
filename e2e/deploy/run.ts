// An agent stack from deployment to destruction, by the CDK command line, on an emulator of AWS.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import system from '../../examples/support-agent/local';
import { type Backends, startBackends } from '../backends';
import { logFolder, runProof, step } from '../steps';
import { Cdk } from './cdk';
import { DeployedApi, type Outputs } from './deployed';
import { Emulator } from './emulator';
import { FastClock } from './fast-clock';
import { saveFunctionLogs } from './function-logs';
import { newcomers, takeInventory } from './inventory';
import { stackFailures, stackStatus } from './stack-state';

const LIMIT_MS = 480_000;

/** The importer looks every 30 s, and waits 11 minutes before it is sure that nothing comes any more. */
const CLOCK_SPEED = 50;
const IMPORT_SECONDS = 100;

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
    try {
      await proveLife(emulator, backends);
    } finally {
      // Of use only after a failure, which may have been the emulator's.
      await saveFunctionLogs(emulator, join(logs, 'functions.log')).catch(() => {});
      await emulator.stop();
    }
  } finally {
    await backends.stop();
  }
}

async function proveLife(emulator: Emulator, backends: Backends): Promise<void> {
  const { imports } = backends;
  const cdk = new Cdk(emulator, logs);
  const models = () => [...imports.models.keys()];

  await step('cdk bootstrap', () => cdk.bootstrap());
  const before = await takeInventory(emulator);

  await step('a failed import rolls the creation back, and the stack event says why', async () => {
    imports.setImports({ seconds: IMPORT_SECONDS, failure: 'no tokenizer.json' });
    await cdk.failToDeploy('first/');
    assert.equal(await stackStatus(emulator), 'ROLLBACK_COMPLETE');
    assert.match(await stackFailures(emulator), /the import failed: no tokenizer\.json/);
    assert.deepEqual(models(), []);
  });

  const outputs = await step('the next deployment creates the stack', async () => {
    imports.setImports({ failure: undefined });
    const outputs: Outputs = await cdk.deploy('first/');
    assert.equal(await stackStatus(emulator), 'CREATE_COMPLETE');
    assert.equal(models().length, 1);
    const kinds = new Set(newcomers(before, await takeInventory(emulator)).map((thing) => thing.split(':')[0]));
    for (const kind of ['APIs', 'dashboards', 'functions', 'log groups', 'roles', 'secrets', 'stacks']) {
      assert.ok(kinds.has(kind), `the inventory does not see ${kind}`);
    }
    return outputs;
  });
  const api = new DeployedApi(emulator, outputs);

  await step('the agent answers through its API', () => assertAnswers(api, backends));
  await step('an agent whose configuration is in a secret answers as well', async () => {
    const { status, body } = await api.run('wide', {});
    assert.equal(status, 200, body);
    assert.ok(JSON.parse(body).output.sources > 0, body);
  });
  await step('the API tells what there is, and lets in only who may call it', async () => {
    const { agents } = JSON.parse((await api.get('agents')).body);
    assert.deepEqual(
      agents.map(({ name }: { readonly name: string }) => name),
      ['support', 'wide'],
    );
    assert.equal(JSON.parse((await api.get('agents/support')).body).name, 'support');
    assert.match(JSON.parse((await api.get('openapi.json')).body).openapi, /^3\./);
    for (const stranger of [null, outputs.StrangerArn]) {
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
    assert.equal(lines.match(/"message":"run succeeded"/g)?.length, 1, lines);
    assert.ok(!lines.includes('Lambda function read from an S3 bucket'), lines);
  });

  const [first] = models();
  await step('changed weights make a new model, and the old one goes', async () => {
    await cdk.deploy('second/');
    assert.equal(await stackStatus(emulator), 'UPDATE_COMPLETE');
    assert.equal(models().length, 1);
    assert.notEqual(models()[0], first);
    await assertAnswers(api, backends);
  });

  const [second] = models();
  await step('a failed import rolls the update back, and the agent goes on with the model it had', async () => {
    imports.setImports({ failure: 'unknown architecture' });
    await cdk.failToDeploy('third/');
    assert.equal(await stackStatus(emulator), 'UPDATE_ROLLBACK_COMPLETE');
    assert.match(await stackFailures(emulator), /the import failed: unknown architecture/);
    assert.deepEqual(models(), [second]);
    await assertAnswers(api, backends);
  });

  await step('cdk destroy leaves nothing', async () => {
    await cdk.destroy();
    assert.deepEqual(models(), []);
    const left = newcomers(before, await takeInventory(emulator));
    assert.deepEqual(
      left.filter((thing) => !LEFT_BEHIND.some((known) => known.test(thing))),
      [],
    );
  });
}

/** A run goes through, and its last word is that of the model which was imported last. */
async function assertAnswers(api: DeployedApi, { modelsCalled, imports }: Backends): Promise<void> {
  const { status, body, headers } = await api.run('support', system.example);
  assert.equal(status, 200, body);
  const { runId, output } = JSON.parse(body);
  assert.equal(headers['compound-run-id'], runId);
  assert.ok(output.answer.length > 0 && output.citations.length > 0, body);
  assert.equal(modelsCalled.at(-1), [...imports.models.keys()].at(-1));
}

void runProof('e2e:deploy', LIMIT_MS, logs, prove);
