// The functions that constructs bring along, as they are deployed: each starts, and does once what it is for.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { JWT_VARIABLE } from '../../core/api/jwt-settings';
import { TUNER_VARIABLE } from '../../core/scale/tuner-deployment';
import { WARMER_VARIABLE } from '../../core/warm';
import { Issuer, newKey, requestWith, sign } from '../../test/lambda/authorizer/issuer';
import { deploymentOf, startTuned } from '../../test/lambda/tuner/tuned-stack';
import { component, configOf, keyOf, startWarmStack } from '../../test/lambda/warmer/warm-stack';
import { ROOT, step } from '../steps';
import { LambdaProcess } from './lambda-process';

/** Too short to wait for what it starts. */
const SHORT_MS = 10_000;

export async function proveProvided(logs: string): Promise<void> {
  await step('the warmer raises what a run needs, and restores it when it is told to stop', () => proveWarmer(logs));
  await step('the tuner looks at what it tunes, and writes into its ledger why it does nothing', () =>
    proveTuner(logs),
  );
  await step('the authorizer lets a token of its issuer in, and no other', () => proveAuthorizer(logs));
}

async function proveWarmer(logs: string): Promise<void> {
  const stack = await startWarmStack([component('planner')]);
  const environment = {
    AWS_ENDPOINT_URL: stack.url,
    [WARMER_VARIABLE]: JSON.stringify(configOf(['planner'], { policy: 'entry' })),
  };
  const warmer = await start('warmer', environment, logs);
  const invoke = async (event: object) =>
    assert.deepEqual(await warmer.invoke(event, SHORT_MS), { kind: 'response', body: null });
  try {
    const [sinceMs, deadlineAtMs] = [Date.now(), Date.now() + 28_000];
    const run = { id: 'a', graph: 'support', nodes: {}, sinceMs, deadlineAtMs };
    await invoke({ type: 'entry', agent: 'support', requests: [run] });
    assert.equal(await stack.minimum('planner'), 1);
    assert.equal((await stack.policy())?.state.holds[keyOf('planner')]?.copies, 1);
    await invoke({ type: 'stop' });
    assert.equal(await stack.minimum('planner'), 0);
  } finally {
    await warmer.stop();
    await stack.close();
  }
}

async function proveTuner(logs: string): Promise<void> {
  const stack = await startTuned(16);
  const environment = { AWS_ENDPOINT_URL: stack.url, [TUNER_VARIABLE]: JSON.stringify(deploymentOf()) };
  const tuner = await start('tuner', environment, logs);
  try {
    const { kind, body } = await tuner.invoke({ type: 'tick' });
    assert.equal(kind, 'response', JSON.stringify(body));
    assert.equal(body.status, 'done');
    assert.equal(body.components, 1);
    const [written, ...others] = await stack.table.entries('writer', 0);
    assert.deepEqual(written?.entry.reasons, ['no metrics: nothing done']);
    assert.equal(others.length, 0);
    assert.match(tuner.output, /"message":"tick"/);
  } finally {
    await tuner.stop();
    await stack.stop();
  }
}

async function proveAuthorizer(logs: string): Promise<void> {
  const [issuer, own, foreign] = [new Issuer(), newKey('first'), newKey('first')];
  issuer.keys = [own];
  await issuer.start();
  const authorizer = await start('authorizer', { [JWT_VARIABLE]: JSON.stringify(issuer.settings) }, logs);
  const ask = (key: typeof own) => authorizer.invoke(requestWith(sign(key, issuer.claims())));
  try {
    const { kind, body } = await ask(own);
    assert.equal(kind, 'response', JSON.stringify(body));
    assert.equal(body.principalId, 'ada');
    assert.equal(body.policyDocument.Statement[0].Effect, 'Allow');
    const refused = await ask(foreign);
    assert.equal(refused.kind, 'error');
    // The gateway makes 401 of this word, and 500 of every other.
    assert.equal(refused.body.errorMessage, 'Unauthorized');
    assert.doesNotMatch(authorizer.output, /eyJ/);
  } finally {
    await authorizer.stop();
    await issuer.stop();
  }
}

function start(name: string, environment: Readonly<Record<string, string>>, logs: string): Promise<LambdaProcess> {
  const code = { code: join(ROOT, 'dist', 'functions', name), handler: 'index.handler' };
  return LambdaProcess.start(code, environment, join(logs, `${name}.log`));
}
