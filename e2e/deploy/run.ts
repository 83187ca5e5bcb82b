// An agent stack from deployment to destruction, by the CDK command line, on an emulator of AWS.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import system from '../../examples/support-agent/local';
import { type Backends, startBackends } from '../backends';
import { logFolder, runProof, step } from '../steps';
import { Cdk } from './cdk';
import { Emulator } from './emulator';
import { FastClock } from './fast-clock';
import { type Inventory, newcomers, takeInventory } from './inventory';

const LIMIT_MS = 480_000;
/** The importer looks every 30 s, and waits 11 minutes before it is sure that nothing comes any more. */
const CLOCK_SPEED = 50;
const IMPORT_SECONDS = 100;

const logs = logFolder('deploy');

async function prove(): Promise<void> {
  const clock = new FastClock(CLOCK_SPEED);
  const backends = await startBackends(clock.now);
  backends.imports.setImports({ seconds: IMPORT_SECONDS });
  try {
    const emulator = await step('the emulator starts', () =>
      Emulator.start({ ...backends.environment, ...clock.environment }, join(logs, 'emulator.log')),
    );
    try {
      await proveLife(new Proof(emulator, backends));
    } finally {
      await emulator.stop();
    }
  } finally {
    await backends.stop();
  }
}

async function proveLife(proof: Proof): Promise<void> {
  const { cdk, backends } = proof;
  await step('cdk bootstrap', () => cdk.bootstrap());
  const before = await proof.inventory();

  await step('a failed import rolls the creation back, and the stack event says why', async () => {
    backends.imports.setImports({ failure: 'no tokenizer.json' });
    await cdk.failToDeploy('first/');
    assert.equal(await proof.stackStatus(), 'ROLLBACK_COMPLETE');
    assert.match(await proof.failures(), /the import failed: no tokenizer\.json/);
    assert.deepEqual(proof.models(), []);
  });
  const url = await step('the next deployment creates the stack', async () => {
    backends.imports.setImports({ failure: undefined });
    const { Url } = await cdk.deploy('first/');
    assert.equal(await proof.stackStatus(), 'CREATE_COMPLETE');
    assert.equal(proof.models().length, 1);
    return Url!;
  });
  await step('its API answers with the agent, and asks who calls', async () => {
    await proof.assertAnswers(url);
    assert.equal((await proof.request(url, 'GET', 'agents', { sign: false })).status, 403);
    const { status, body } = await proof.request(url, 'POST', 'agents/support/runs', { body: { question: 7 } });
    assert.ok([400, 422].includes(status), `${status} ${body}`);
    const list = await proof.request(url, 'GET', 'agents');
    assert.equal(JSON.parse(list.body).agents[0].name, 'support', list.body);
    assert.equal((await proof.request(url, 'GET', 'openapi.json')).status, 200);
  });
  const [first] = proof.models();
  await step('changed weights make a new model, and the old one goes', async () => {
    await cdk.deploy('second/');
    assert.equal(await proof.stackStatus(), 'UPDATE_COMPLETE');
    assert.equal(proof.models().length, 1);
    assert.notEqual(proof.models()[0], first);
    await proof.assertAnswers(url);
  });
  await step('a failed import rolls the update back, and the agent goes on with the model it had', async () => {
    const before = proof.models();
    backends.imports.setImports({ failure: 'unknown architecture' });
    await cdk.failToDeploy('third/');
    assert.equal(await proof.stackStatus(), 'UPDATE_ROLLBACK_COMPLETE');
    assert.match(await proof.failures(), /the import failed: unknown architecture/);
    assert.deepEqual(proof.models(), before);
    await proof.assertAnswers(url);
  });
  await step('cdk destroy leaves nothing', async () => {
    await cdk.destroy();
    assert.deepEqual(proof.models(), []);
    assert.deepEqual(newcomers(before, await proof.inventory()), []);
  });
}

/** Looks at a deployment from outside. */
class Proof {
  readonly cdk: Cdk;

  constructor(
    private readonly emulator: Emulator,
    readonly backends: Backends,
  ) {
    this.cdk = new Cdk(emulator, logs);
  }

  async inventory(): Promise<Inventory> {
    return takeInventory(this.emulator);
  }

  /** ARNs of the imported models that exist. */
  models(): readonly string[] {
    return [...this.backends.imports.models.keys()];
  }

  async stackStatus(): Promise<string> {
    const [{ Stacks }] = await this.emulator.calls([
      { service: 'cloudformation', operation: 'describe_stacks', parameters: { StackName: 'E2e' } },
    ]);
    return Stacks[0].StackStatus;
  }

  /** Why resources failed, as the events of the stack tell it. */
  async failures(): Promise<string> {
    const [{ StackEvents }] = await this.emulator.calls([
      { service: 'cloudformation', operation: 'describe_stack_events', parameters: { StackName: 'E2e' } },
    ]);
    return StackEvents.filter(({ ResourceStatus }: any) => ResourceStatus.endsWith('_FAILED'))
      .map(({ ResourceStatusReason }: any) => ResourceStatusReason)
      .join('\n');
  }

  /** The agent runs and answers from the model that was imported last. */
  async assertAnswers(url: string): Promise<void> {
    const { status, body, headers } = await this.request(url, 'POST', 'agents/support/runs', { body: system.example });
    assert.equal(status, 200, body);
    const { runId, output } = JSON.parse(body);
    assert.equal(headers['compound-run-id'], runId);
    assert.ok(output.answer.length > 0 && output.citations.length > 0, body);
    assert.equal(this.backends.modelsCalled.at(-1), this.models()[0]);
  }

  async request(
    url: string,
    method: string,
    path: string,
    { body, sign = true }: { body?: unknown; sign?: boolean } = {},
  ) {
    const [, api, stage] = /^https:\/\/(\w+)\.execute-api\.[^/]+\/(\w+)\/$/.exec(url) ?? [];
    const [answer] = await this.emulator.calls([
      {
        method,
        url: `${this.emulator.url}/_aws/execute-api/${api}/${stage}/${path}`,
        headers: body === undefined ? {} : { 'content-type': 'application/json' },
        body: body === undefined ? null : JSON.stringify(body),
        sign,
      },
    ]);
    return answer as { status: number; headers: Record<string, string>; body: string };
  }
}

void runProof('e2e:deploy', LIMIT_MS, logs, prove);
