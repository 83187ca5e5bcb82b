// The functions of a deployment, started as Lambda starts them: under its runtime client, far from every node_modules.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { APIGatewayProxyResult } from 'aws-lambda';
import system from '../../examples/support-agent/local';
import { eventOf } from '../../test/lambda/orchestrator/event';
import { type Backends, startBackends } from '../backends';
import { logFolder, runProof, step } from '../steps';
import { type DeployableFunction, synthesizeFunctions } from './functions';
import { LambdaProcess } from './lambda-process';
import { proveProvided } from './provided';
import { proveStreaming } from './streaming';

const LIMIT_MS = 180_000;
const logs = logFolder('ric');
const folder = mkdtempSync(join(tmpdir(), 'compound-ric-'));

async function prove(): Promise<void> {
  try {
    const functions = await step('the stack is synthesized', () =>
      synthesizeFunctions(join(folder, 'cdk.out'), join(logs, 'synth.log')),
    );
    const backends = await startBackends();
    try {
      await proveAgent(theFunction(functions, /^Support/), backends);
      await proveImporter(functions, backends);
      await proveStreaming(logs);
      await proveProvided(logs);
      await proveFaults();
    } finally {
      await backends.stop();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function proveAgent(agent: DeployableFunction, backends: Backends): Promise<void> {
  const model = backends.imports.addModel('writer');
  const bindings = Object.fromEntries(Object.entries(system.components).map(([name, { backend }]) => [name, backend]));
  const config = { bindings: { ...bindings, writer: { type: 'bedrock', modelId: model.modelArn } } };
  const environment = {
    ...backends.environment,
    AWS_ENDPOINT_URL_LAMBDA: backends.localStackUrl,
    COMPOUND_CONFIG: JSON.stringify(config),
  };

  const started = await LambdaProcess.start(agent, environment, join(logs, 'agent.log'));
  const get = async (path: string) => answerOf(await started.invoke(eventOf({ path })));
  const run = (body: unknown) =>
    started.invoke(
      eventOf({
        method: 'POST',
        path: '/agents/support/runs',
        headers: { 'content-type': 'application/json' },
        body,
      }),
    );
  try {
    await step('the agent starts and answers its first request', async () => {
      const answer = answerOf(await run(system.example));
      assert.equal(answer.statusCode, 200, answer.body);
      const { runId, output } = JSON.parse(answer.body);
      assert.equal(answer.headers?.['content-type'], 'application/json');
      assert.equal(answer.headers?.['compound-run-id'], runId);
      assert.ok(output.answer.length > 0 && output.citations.length > 0, answer.body);
    });
    await step('the same process answers the next one, and writes a line for each run', async () => {
      assert.equal(answerOf(await run(system.example)).statusCode, 200);
      assert.equal(started.output.match(/"run succeeded"/g)?.length, 2);
      assert.equal(backends.modelsCalled.at(-1), model.modelArn);
    });
    await step('it describes itself, and refuses input that does not fit', async () => {
      assert.equal(JSON.parse((await get('/agents/support')).body).name, 'support');
      const refusal = answerOf(await run({ question: 7 }));
      assert.equal(refusal.statusCode, 422, refusal.body);
      assert.equal(refusal.headers?.['content-type'], 'application/problem+json');
    });
  } finally {
    await started.stop();
  }

  await step('without a configuration it answers so, logs what is missing, and lives on', async () => {
    const unconfigured = await LambdaProcess.start(agent, backends.environment, join(logs, 'unconfigured.log'));
    try {
      const path = '/agents/support/runs';
      const headers = { 'content-type': 'application/json' };
      const answer = answerOf(
        await unconfigured.invoke(eventOf({ method: 'POST', path, headers, body: system.example })),
      );
      assert.equal(answer.statusCode, 500, answer.body);
      assert.match(answer.body, /the agent is not configured/);
    } finally {
      await unconfigured.stop();
    }
    assert.match(readFileSync(join(logs, 'unconfigured.log'), 'utf8'), /COMPOUND_CONFIG is not set/);
  });
}

async function proveImporter(functions: readonly DeployableFunction[], backends: Backends): Promise<void> {
  const environment = { AWS_ENDPOINT_URL_BEDROCK: backends.imports.url };
  const request = {
    RequestType: 'Create',
    RequestId: 'request',
    StackId: 'arn:aws:cloudformation:us-east-1:123456789012:stack/E2e/id',
    LogicalResourceId: 'Writer',
    ResourceProperties: {
      NamePrefix: 'writer',
      WeightsUri: 's3://weights/writer/',
      RoleArn: 'arn:aws:iam::123456789012:role/import',
      WaitSeconds: '600',
      Continued: 'false',
    },
  };
  await step('the importer starts an import and tells when the model is there', async () => {
    const onEvent = await LambdaProcess.start(
      functionWith(functions, 'index.onEvent'),
      environment,
      join(logs, 'on-event.log'),
    );
    const isComplete = await LambdaProcess.start(
      functionWith(functions, 'index.isComplete'),
      environment,
      join(logs, 'is-complete.log'),
    );
    try {
      const accepted = await onEvent.invoke(request);
      assert.equal(accepted.kind, 'response', JSON.stringify(accepted.body));
      const pending = { ...request, ...accepted.body };
      assert.deepEqual((await isComplete.invoke(pending)).body, { IsComplete: false });
      const { body } = await isComplete.invoke(pending);
      assert.equal(body.IsComplete, true);
      assert.ok(backends.imports.models.has(body.Data.ModelArn));
    } finally {
      await Promise.all([onEvent.stop(), isComplete.stop()]);
    }
  });
}

/** What the runtime client makes of code that cannot be loaded: the same that a user sees after a bad deployment. */
async function proveFaults(): Promise<void> {
  const faults: readonly [what: string, code: string, errorType: string][] = [
    ['a bundle that is no JavaScript', 'exports.handler = {', 'Runtime.UserCodeSyntaxError'],
    ['a bundle that lacks a module', "require('left-out');", 'Runtime.ImportModuleError'],
    ['a bundle without its handler', 'exports.other = () => {};', 'Runtime.HandlerNotFound'],
    ['a bundle that throws when it is loaded', "throw new TypeError('too early');", 'TypeError'],
  ];
  for (const [i, [what, text, errorType]] of faults.entries()) {
    await step(`${what} is an init error: ${errorType}`, async () => {
      const code = join(folder, `fault-${i}`);
      mkdirSync(code);
      writeFileSync(join(code, 'index.js'), text);
      const started = await LambdaProcess.start({ code, handler: 'index.handler' }, {}, join(logs, `fault-${i}.log`));
      try {
        assert.equal((await started.initError()).errorType, errorType);
      } finally {
        await started.stop();
      }
    });
  }
}

function answerOf({ kind, body }: Awaited<ReturnType<LambdaProcess['invoke']>>): APIGatewayProxyResult {
  assert.equal(kind, 'response', JSON.stringify(body));
  return body;
}

function functionWith(functions: readonly DeployableFunction[], handler: string): DeployableFunction {
  return only(functions.filter((fn) => fn.handler === handler));
}

function theFunction(functions: readonly DeployableFunction[], logicalId: RegExp): DeployableFunction {
  return only(functions.filter((fn) => logicalId.test(fn.logicalId)));
}

function only(found: readonly DeployableFunction[]): DeployableFunction {
  assert.equal(found.length, 1, `expected one function, found: ${JSON.stringify(found)}`);
  return found[0]!;
}

void runProof('e2e:ric', LIMIT_MS, logs, prove);
