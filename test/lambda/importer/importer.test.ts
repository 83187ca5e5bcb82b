import { importName } from '../../../lambda/importer/naming';
import { Deployment, POLL_SECONDS, STACK_ID, WAIT_SECONDS, WRITER } from './cloudformation';

const MINUTE = 60;
const NEW_WEIGHTS = { ...WRITER, WeightsUri: 's3://weights/writer/v2/' };

let deployment: Deployment;

const start = async (options: Parameters<typeof Deployment.start>[0] = { importSeconds: 20 * MINUTE }) => {
  deployment = await Deployment.start(options);
};

afterEach(() => deployment.plane.stop());

const models = () => [...deployment.plane.models.values()];
const started = () => deployment.plane.operations.filter((operation) => operation === 'CreateModelImportJob').length;

/** Creates the model of the properties, and answers with its physical id and ARN. */
async function created(properties = WRITER): Promise<{ physicalId: string; arn: string }> {
  const answer = await deployment.create(properties);
  if (answer.status === 'FAILED') throw new Error(answer.reason);
  return { physicalId: answer.physicalId, arn: answer.attributes.ModelArn! };
}

describe('creating a model', () => {
  test('starts its import, waits for it, and answers with the ARNs of the model and of the job', async () => {
    await start();
    const answer = await deployment.create({
      ...WRITER,
      KmsKeyId: 'arn:aws:kms:us-east-1:123456789012:key/k',
      SubnetIds: ['subnet-1'],
      SecurityGroupIds: ['sg-1'],
      Tags: [{ key: 'team', value: 'support' }],
    });
    const [model] = models();
    expect(answer).toEqual({
      status: 'SUCCESS',
      physicalId: model!.modelName,
      attributes: { ModelArn: model!.modelArn, JobArn: model!.jobArn },
    });
    expect(deployment.plane.calls.find(({ operation }) => operation === 'CreateModelImportJob')!.body).toEqual({
      jobName: model!.jobName,
      clientRequestToken: model!.jobName,
      importedModelName: model!.modelName,
      roleArn: WRITER.RoleArn,
      modelDataSource: { s3DataSource: { s3Uri: 's3://weights/writer/v1/' } },
      importedModelKmsKeyId: 'arn:aws:kms:us-east-1:123456789012:key/k',
      vpcConfig: { subnetIds: ['subnet-1'], securityGroupIds: ['sg-1'] },
      importedModelTags: [{ key: 'team', value: 'support' }],
    });
  });

  test('logs one line for each look at Bedrock', async () => {
    await start({ importSeconds: 0 });
    const { physicalId } = await created();
    expect(deployment.lines.map((line) => JSON.parse(line))).toEqual([
      {
        resource: physicalId,
        request: 'Create',
        done: false,
        waitingFor: expect.stringMatching(/^import job writer-/),
      },
      { resource: physicalId, request: 'Create', done: true, attributes: expect.anything() },
    ]);
  });

  test('names the model after its stack, resource and inputs', async () => {
    await start();
    const name = async (properties: typeof WRITER, rest = {}) =>
      (await deployment.functions.onEvent(deployment.request('Create', properties, rest))).PhysicalResourceId;
    const writer = await name(WRITER);
    expect(writer).toMatch(/^writer-[0-9a-f]{10}$/);
    expect(await name({ ...WRITER, RoleArn: 'other', Tags: [{ key: 'a', value: 'b' }], WaitSeconds: '1' })).toBe(
      writer,
    );
    expect(await name(WRITER, { StackId: STACK_ID.replace('4f1c0e60', 'ffffffff') })).toBe(writer);
    const others = await Promise.all([
      name(NEW_WEIGHTS),
      name({ ...WRITER, KmsKeyId: 'key' }),
      name({ ...WRITER, NamePrefix: 'reader' }),
      name(WRITER, { LogicalResourceId: 'Other' }),
      name(WRITER, { StackId: STACK_ID.replace('support', 'sales') }),
    ]);
    expect(new Set([writer, ...others]).size).toBe(6);
  });

  test('shows the failure message of the job, and leaves nothing that blocks the next try', async () => {
    await start();
    deployment.plane.setImports({ failure: 'config.json is\nmissing' });
    const answer = await deployment.create();
    const job = deployment.plane.jobs[0]!.jobArn;
    expect(answer).toMatchObject({
      status: 'FAILED',
      reason: `the import failed: config.json is missing; job: ${job}`,
    });
    expect(await deployment.delete(answer.physicalId)).toMatchObject({ status: 'SUCCESS' });
    expect(models()).toEqual([]);

    deployment.plane.setImports({ failure: undefined });
    await created();
    expect(models()).toHaveLength(1);
  });

  test('shows nothing of the stack of an error, and cuts a long message', async () => {
    await start();
    deployment.plane.refuseNext('CreateModelImportJob', 400, 'ValidationException', 'x'.repeat(5_000));
    const request = deployment.request('Create', WRITER);
    const pending = { ...request, ...(await deployment.functions.onEvent(request)) };
    const error: Error = (await deployment.functions.isComplete(pending).catch((reason: Error) => reason)) as Error;
    expect(error.message).toMatch(/^ValidationException: x+$/);
    expect(error.message).toHaveLength(2_000);
    expect(error.stack).toBe(`ImportFault: ${error.message}`);
  });

  test('refuses a name that somebody else took', async () => {
    await start();
    const { PhysicalResourceId } = await deployment.functions.onEvent(deployment.request('Create', WRITER));
    const foreign = deployment.plane.addModel(PhysicalResourceId);
    const answer = await deployment.create();
    expect(answer).toMatchObject({
      status: 'FAILED',
      reason:
        `an imported model named ${PhysicalResourceId} exists that this stack did not make: ${foreign.modelArn}. ` +
        'Delete it, or give the model another modelNamePrefix',
    });
    expect(await deployment.delete(answer.physicalId)).toMatchObject({ status: 'SUCCESS' });
    expect(models()).toEqual([foreign]);
  });
});

describe('a request that comes twice', () => {
  test('has one import', async () => {
    await start();
    const request = deployment.request('Create', WRITER);
    const [one, two] = [await deployment.deliver(request), await deployment.deliver(request)];
    await Promise.all([one.poll(), two.poll()]);
    deployment.pass(20 * MINUTE);
    expect(await one.poll()).toEqual(await two.poll());
    expect(deployment.plane.jobs).toHaveLength(1);
  });

  test('does not import again after the model was deleted', async () => {
    await start({ importSeconds: 0 });
    const request = deployment.request('Create', WRITER);
    const late = await deployment.deliver(request);
    const { physicalId } = await deployment.run(request);
    await deployment.delete(physicalId);
    await late.poll();
    expect(started()).toBe(1);
    expect(models()).toEqual([]);
  });

  test('finds its import although the answer of Bedrock was lost', async () => {
    await start();
    deployment.plane.loseNextAnswer();
    expect(await deployment.create()).toMatchObject({ status: 'SUCCESS' });
    expect(deployment.plane.jobs).toHaveLength(1);
  });
});

describe('an import that was begun before', () => {
  test('is joined while it runs', async () => {
    await start({ importSeconds: 70 * MINUTE });
    expect(await deployment.create()).toMatchObject({ status: 'FAILED' });
    deployment.pass(MINUTE);
    expect(await deployment.create()).toMatchObject({ status: 'SUCCESS' });
    expect(started()).toBe(1);
  });

  test('is joined while it runs, however many failed before it', async () => {
    await start({ importSeconds: 0 });
    deployment.plane.setImports({ failure: 'lost' });
    for (let attempt = 0; attempt < 3; attempt += 1) await deployment.create();
    deployment.plane.setImports({ seconds: 70 * MINUTE, failure: undefined });
    expect(await deployment.create()).toMatchObject({ status: 'FAILED' });
    expect(await deployment.create()).toMatchObject({ status: 'SUCCESS' });
    expect(started()).toBe(4);
  });

  test('is not joined if it is for a model whose name only ends in the same way', async () => {
    await start();
    const other = await deployment.deliver(deployment.request('Create', { ...WRITER, NamePrefix: 'my-writer' }));
    await other.poll();
    const { physicalId, arn } = await created();
    expect(deployment.plane.models.get(arn)!.modelName).toBe(physicalId);
  });

  test('is taken over when it has ended, with the tags of now', async () => {
    await start();
    const first = await created();
    const second = await created({ ...WRITER, Tags: [{ key: 'team', value: 'sales' }] });
    expect(second).toEqual(first);
    expect(started()).toBe(1);
    expect(Object.fromEntries(models()[0]!.tags)).toEqual({ team: 'sales' });
  });

  test('is begun anew if it fails while there is time', async () => {
    await start({ importSeconds: 59 * MINUTE });
    deployment.plane.setImports({ failure: 'lost' });
    await deployment.create();
    deployment.plane.setImports({ seconds: 20 * MINUTE, failure: undefined });
    expect(await deployment.create()).toMatchObject({ status: 'SUCCESS' });
    expect(started()).toBe(2);
  });

  test('tells its failure if it fails later', async () => {
    await start({ importSeconds: 80 * MINUTE });
    deployment.plane.setImports({ failure: 'lost' });
    await deployment.create();
    const job = deployment.plane.jobs[0]!.jobArn;
    expect(await deployment.create()).toMatchObject({
      status: 'FAILED',
      reason: `the import failed: lost; job: ${job}: deploy again`,
    });
    expect(started()).toBe(1);
  });
});

describe('when Bedrock refuses', () => {
  test.each([
    ['ThrottlingException', 429, 'slow down'],
    ['InternalServerException', 500, 'oops'],
    ['ConflictException', 400, 'busy'],
    ['AccessDeniedException', 403, 'not authorized to perform: iam:PassRole'],
    ['ValidationException', 400, 'Could not assume provided IAM role'],
  ])('with %s at first, the import is started later', async (code, status, message) => {
    await start();
    deployment.plane.refuseNext('GetModelImportJob', status, code, message);
    deployment.plane.refuseNext('CreateModelImportJob', status, code, message);
    expect(await deployment.create()).toMatchObject({ status: 'SUCCESS' });
    expect(started()).toBe(2);
  });

  test.each([
    ['AccessDeniedException', 403, 'not authorized to perform: iam:PassRole'],
    ['ValidationException', 400, 'Could not assume provided IAM role'],
  ])('with %s for longer than a new role needs, the creation fails', async (code, status, message) => {
    await start();
    for (let poll = 0; poll < 10; poll += 1) {
      deployment.plane.refuseNext('CreateModelImportJob', status, code, message);
    }
    expect(await deployment.create()).toMatchObject({ status: 'FAILED', reason: `${code}: ${message}` });
    expect(started()).toBe(6);
  });

  test('for longer than an import may be started, the creation fails with the reason', async () => {
    await start();
    for (let poll = 0; poll < 30; poll += 1) {
      deployment.plane.refuseNext('CreateModelImportJob', 429, 'ThrottlingException', 'slow down');
    }
    expect(await deployment.create()).toMatchObject({
      status: 'FAILED',
      reason: 'Bedrock refused to import s3://weights/writer/v1/: slow down',
    });
  });

  test('in the last minute in which an import may be started, the creation fails with the reason', async () => {
    await start();
    for (let poll = 0; poll < 30; poll += 1) {
      deployment.plane.refuseNext('CreateModelImportJob', 429, 'ThrottlingException', 'slow down');
    }
    const delivery = await deployment.deliver(deployment.request('Create', WRITER));
    deployment.pass(POLL_SECONDS / 2);
    expect(await deployment.finish(delivery)).toMatchObject({
      status: 'FAILED',
      reason: expect.stringContaining('slow down'),
    });
  });

  test('to list jobs until it is too late, the creation fails', async () => {
    await start();
    for (let poll = 0; poll < 21; poll += 1) {
      deployment.plane.refuseNext('ListModelImportJobs', 429, 'ThrottlingException', 'slow down');
    }
    expect(await deployment.create()).toMatchObject({
      status: 'FAILED',
      reason: 'the import could not be started in time: deploy again',
    });
    expect(started()).toBe(0);
  });

  test('to answer at all, the creation fails when its time is over', async () => {
    await start();
    for (let poll = 0; poll < 200; poll += 1) {
      deployment.plane.refuseNext('GetModelImportJob', 503, 'ServiceUnavailableException', 'down');
    }
    expect(await deployment.create()).toMatchObject({
      status: 'FAILED',
      reason: 'ServiceUnavailableException: down',
    });
  });

  test('because too many imports run, the import waits for them', async () => {
    await start({ importSeconds: 5 * MINUTE, maxRunningJobs: 1 });
    const other = await deployment.deliver(deployment.request('Create', WRITER, { LogicalResourceId: 'Other' }));
    await other.poll();
    expect(await deployment.create()).toMatchObject({ status: 'SUCCESS' });
    expect(models()).toHaveLength(2);
  });

  test('because the account has too many models, the creation fails at once and says what to do', async () => {
    await start({ importSeconds: 0, maxModels: 1 });
    await deployment.run(deployment.request('Create', WRITER, { LogicalResourceId: 'Other' }));
    const before = deployment.nowMs;
    expect(await deployment.create()).toMatchObject({
      status: 'FAILED',
      reason:
        'Bedrock refused to import s3://weights/writer/v1/: The quota is used up. Either the account has as many imported ' +
        'models as it may (3, unless raised: Service Quotas, L-45B04988; an update needs room for the new model beside ' +
        'the old one), or too many imports run at once: delete models that nobody needs, raise the quota, or order the ' +
        'imports by dependencies between their constructs',
    });
    expect(deployment.nowMs).toBe(before);
  });
});

describe('updating a model', () => {
  test('with other weights imports beside the old model, which stays until it is deleted', async () => {
    await start();
    const old = await created();
    const answer = await deployment.update(old.physicalId, WRITER, NEW_WEIGHTS);
    expect(answer).toMatchObject({ status: 'SUCCESS' });
    expect(answer.physicalId).not.toBe(old.physicalId);
    expect(models()).toHaveLength(2);

    await deployment.delete(old.physicalId);
    expect(models().map(({ modelName }) => modelName)).toEqual([answer.physicalId]);
  });

  test('with another role or other waiting times imports nothing', async () => {
    await start();
    const { physicalId, arn } = await created();
    const answer = await deployment.update(physicalId, WRITER, { ...WRITER, RoleArn: 'other', WaitSeconds: '10' });
    expect(answer).toMatchObject({ status: 'SUCCESS', physicalId, attributes: { ModelArn: arn } });
    expect(started()).toBe(1);
  });

  test('that has a name of another version of the importer imports it under the name of now', async () => {
    await start();
    const answer = await deployment.update('writer-v1', WRITER, WRITER);
    expect(answer).toMatchObject({ status: 'SUCCESS' });
    expect(models().map(({ modelName }) => modelName)).toEqual([answer.physicalId]);
  });

  test('with other tags changes those of the model, but none that the stack did not give', async () => {
    await start();
    const tagged = {
      ...WRITER,
      Tags: [
        { key: 'team', value: 'support' },
        { key: 'stage', value: 'test' },
      ],
    };
    const { physicalId } = await created(tagged);
    models()[0]!.tags.set('audited', 'yes');
    await deployment.update(physicalId, tagged, { ...WRITER, Tags: [{ key: 'team', value: 'sales' }] });
    expect(Object.fromEntries(models()[0]!.tags)).toEqual({ team: 'sales', audited: 'yes' });
    expect(started()).toBe(1);
  });

  test('imports it again if somebody deleted it', async () => {
    await start();
    const { physicalId, arn } = await created();
    deployment.plane.models.delete(arn);
    const answer = await deployment.update(physicalId, WRITER, { ...WRITER, Tags: [{ key: 'team', value: 'sales' }] });
    expect(answer).toMatchObject({ status: 'SUCCESS', physicalId, attributes: { ModelArn: models()[0]!.modelArn } });
  });

  test('that is rolled back takes no tags from the old model but those that it had before', async () => {
    await start();
    const old = await created();
    models()[0]!.tags.set('team', 'audit');
    const tagged = { ...NEW_WEIGHTS, Tags: [{ key: 'team', value: 'sales' }] };
    const { physicalId } = await deployment.update(old.physicalId, WRITER, tagged);
    expect(await deployment.update(physicalId, tagged, WRITER)).toMatchObject({ status: 'SUCCESS' });
    expect(Object.fromEntries(deployment.plane.models.get(old.arn)!.tags)).toEqual({ team: 'audit' });
  });

  test('that fails leaves the old model, to which the rollback returns at once', async () => {
    await start();
    const old = await created();
    deployment.plane.setImports({ failure: 'not safetensors' });
    const failed = await deployment.update(old.physicalId, WRITER, NEW_WEIGHTS);
    expect(failed).toMatchObject({ status: 'FAILED', reason: expect.stringContaining('not safetensors') });
    expect(await deployment.update(old.physicalId, NEW_WEIGHTS, WRITER)).toMatchObject({
      status: 'SUCCESS',
      physicalId: old.physicalId,
      attributes: { ModelArn: old.arn },
    });
    expect(await deployment.delete(failed.physicalId, NEW_WEIGHTS)).toMatchObject({ status: 'SUCCESS' });
    expect(models().map(({ modelArn }) => modelArn)).toEqual([old.arn]);
  });

  test('that CloudFormation gave up is undone by the rollback, which waits for its import', async () => {
    await start();
    const old = await created();
    const abandoned = await deployment.deliver(
      deployment.request('Update', NEW_WEIGHTS, { PhysicalResourceId: old.physicalId, OldResourceProperties: WRITER }),
    );
    await abandoned.poll();
    const answer = await deployment.update(old.physicalId, NEW_WEIGHTS, WRITER);
    expect(answer).toMatchObject({ status: 'SUCCESS', physicalId: old.physicalId });
    expect(deployment.plane.jobs.map(({ status }) => status)).toEqual(['Completed', 'Completed']);
    expect(models().map(({ modelArn }) => modelArn)).toEqual([old.arn]);
  });

  test('that CloudFormation gave up before its import began is undone as well', async () => {
    await start();
    const old = await created();
    const abandoned = await deployment.deliver(
      deployment.request('Update', NEW_WEIGHTS, { PhysicalResourceId: old.physicalId, OldResourceProperties: WRITER }),
    );
    const rollback = await deployment.deliver(
      deployment.request('Update', WRITER, { PhysicalResourceId: old.physicalId, OldResourceProperties: NEW_WEIGHTS }),
    );
    expect(await rollback.poll()).toBeUndefined();
    await abandoned.poll();
    expect(await deployment.finish(rollback)).toMatchObject({ status: 'SUCCESS', physicalId: old.physicalId });
    expect(models().map(({ modelArn }) => modelArn)).toEqual([old.arn]);
  });

  test('that is rolled back never fails for the sake of a model that should go', async () => {
    await start();
    const old = await created();
    deployment.plane.setImports({ seconds: 200 * MINUTE });
    const abandoned = await deployment.deliver(
      deployment.request('Update', NEW_WEIGHTS, { PhysicalResourceId: old.physicalId, OldResourceProperties: WRITER }),
    );
    await abandoned.poll();
    expect(await deployment.update(old.physicalId, NEW_WEIGHTS, WRITER)).toMatchObject({ status: 'SUCCESS' });
  });
});

describe('deleting a model', () => {
  test('deletes it once, and does not mind if it has gone', async () => {
    await start();
    const { physicalId } = await created();
    expect(await deployment.delete(physicalId)).toEqual({ status: 'SUCCESS', physicalId, attributes: {} });
    expect(models()).toEqual([]);
    expect(await deployment.delete(physicalId)).toMatchObject({ status: 'SUCCESS' });
  });

  test('tries again while the model is in use', async () => {
    await start();
    const { physicalId } = await created();
    deployment.plane.refuseNext('DeleteImportedModel', 400, 'ConflictException', 'in use');
    deployment.plane.refuseNext('DeleteImportedModel', 429, 'ThrottlingException', 'slow down');
    expect(await deployment.delete(physicalId)).toMatchObject({ status: 'SUCCESS' });
    expect(models()).toEqual([]);
  });

  test('allows the same model to be imported again', async () => {
    await start();
    const { physicalId } = await created();
    await deployment.delete(physicalId);
    expect((await created()).physicalId).toBe(physicalId);
    expect(started()).toBe(2);
  });

  test('waits for an import that runs, because it cannot be cancelled', async () => {
    await start({ importSeconds: 80 * MINUTE });
    const { physicalId } = await deployment.create();
    expect(models()).toEqual([]);
    expect(await deployment.delete(physicalId)).toMatchObject({ status: 'SUCCESS' });
    expect(deployment.plane.jobs[0]!.status).toBe('Completed');
    expect(models()).toEqual([]);
  });

  test('fails if the import runs too long, and succeeds later', async () => {
    await start({ importSeconds: 3 * 60 * MINUTE });
    const { physicalId } = await deployment.create();
    const job = deployment.plane.jobs[0]!.jobArn;
    expect(await deployment.delete(physicalId)).toMatchObject({
      status: 'FAILED',
      reason: `waited 3300 seconds in vain for import job ${job}, which cannot be cancelled, to end: try again later`,
    });
    deployment.pass(60 * MINUTE);
    expect(await deployment.delete(physicalId)).toMatchObject({ status: 'SUCCESS' });
    expect(models()).toEqual([]);
  });
});

describe('a creation that CloudFormation forgot, so that it makes up a physical id', () => {
  const MADE_UP = 'support-Writer-1KJ3H4G5F6D7S';

  test('is deleted with its import', async () => {
    await start();
    const forgotten = await deployment.deliver(deployment.request('Create', WRITER));
    await forgotten.poll();
    expect(await deployment.delete(MADE_UP)).toMatchObject({ status: 'SUCCESS' });
    expect(deployment.plane.jobs[0]!.status).toBe('Completed');
    expect(models()).toEqual([]);
  });

  test('is deleted also if its import starts later', async () => {
    await start();
    deployment.plane.refuseNext('CreateModelImportJob', 429, 'ThrottlingException', 'slow down');
    const forgotten = await deployment.deliver(deployment.request('Create', WRITER));
    await forgotten.poll();
    const deletion = await deployment.deliver(deployment.request('Delete', WRITER, { PhysicalResourceId: MADE_UP }));
    expect(await deletion.poll()).toBeUndefined();
    deployment.pass(POLL_SECONDS);
    await forgotten.poll();
    expect(await deletion.poll()).toBeUndefined();
    deployment.pass(20 * MINUTE);
    expect(await deletion.poll()).toMatchObject({ status: 'SUCCESS' });
    expect(models()).toEqual([]);
  });

  test('is done with when nothing can start any more', async () => {
    await start();
    const before = deployment.nowMs;
    expect(await deployment.delete(MADE_UP)).toMatchObject({ status: 'SUCCESS' });
    expect((deployment.nowMs - before) / 1_000).toBe(11 * MINUTE);
  });
});

describe('an import that takes longer than one resource can wait', () => {
  const FIRST = { ...WRITER, Continued: 'true' };
  const ImportName = importName({ StackId: STACK_ID, LogicalResourceId: 'Writer' }, FIRST);
  const then = (JobArn: string, Continued = 'false') => ({
    JobArn,
    ImportName,
    Continued,
    WaitSeconds: String(WAIT_SECONDS),
  });

  test('fails with advice if nothing goes on waiting', async () => {
    await start({ importSeconds: 70 * MINUTE });
    const answer = await deployment.create();
    const job = deployment.plane.jobs[0]!.jobArn;
    expect(answer).toMatchObject({
      status: 'FAILED',
      reason:
        `the import is still running and cannot be cancelled; job: ${job}. Give the model a longer importTimeout and ` +
        'deploy again: rolling back waits for the job to end, then deletes what it made',
    });
  });

  test('is awaited by the next resources in turn', async () => {
    await start({ importSeconds: 150 * MINUTE });
    const first = await deployment.create(FIRST);
    const jobArn = deployment.plane.jobs[0]!.jobArn;
    expect(first).toMatchObject({ status: 'SUCCESS', attributes: { JobArn: jobArn } });
    const second = await deployment.create(then(jobArn, 'true'));
    expect(second).toEqual({ status: 'SUCCESS', physicalId: jobArn, attributes: { JobArn: jobArn } });
    const third = await deployment.create(then(jobArn));
    expect(third).toMatchObject({
      status: 'SUCCESS',
      physicalId: jobArn,
      attributes: { ModelArn: models()[0]!.modelArn },
    });
  });

  test('fails in the resource that waits then', async () => {
    await start({ importSeconds: 70 * MINUTE });
    deployment.plane.setImports({ failure: 'too large' });
    const first = await deployment.create(FIRST);
    const jobArn = deployment.plane.jobs[0]!.jobArn;
    expect(await deployment.create(then(jobArn))).toMatchObject({
      status: 'FAILED',
      reason: `the import failed: too large; job: ${jobArn}`,
    });
    expect(await deployment.delete(jobArn, then(jobArn))).toMatchObject({ status: 'SUCCESS' });
    expect(await deployment.delete(first.physicalId, FIRST)).toMatchObject({ status: 'SUCCESS' });
  });

  test('is waited for by each resource in turn when the stack is deleted meanwhile', async () => {
    await start({ importSeconds: 150 * MINUTE });
    const first = await deployment.create(FIRST);
    const jobArn = deployment.plane.jobs[0]!.jobArn;
    const second = await deployment.deliver(deployment.request('Create', then(jobArn)));
    await second.poll();
    const before = deployment.nowMs;
    expect(await deployment.delete('support-Await-1KJ3H4G5F6D7S', then(jobArn))).toMatchObject({ status: 'SUCCESS' });
    expect((deployment.nowMs - before) / 1_000).toBe(WAIT_SECONDS);
    expect(await deployment.delete(first.physicalId, FIRST)).toMatchObject({ status: 'SUCCESS' });
    expect(models()).toEqual([]);
  });

  test('is not awaited again when nothing but the waiting changes', async () => {
    await start();
    const first = await deployment.create(FIRST);
    const jobArn = deployment.plane.jobs[0]!.jobArn;
    await deployment.create(then(jobArn));
    const before = deployment.nowMs;
    expect(await deployment.update(first.physicalId, FIRST, WRITER)).toMatchObject({ status: 'SUCCESS' });
    expect(await deployment.update(jobArn, then(jobArn), then(jobArn, 'true'))).toMatchObject({ status: 'SUCCESS' });
    expect(deployment.nowMs).toBe(before);
  });

  test('is known by its model when Bedrock has no record of it any more', async () => {
    await start();
    const { physicalId, arn } = await created(FIRST);
    const jobArn = deployment.plane.jobs[0]!.jobArn;
    deployment.plane.forgetJobs();
    const next = then('arn:aws:bedrock:us-east-1:123456789012:model-import-job/next00000000');
    expect(physicalId).toBe(ImportName);
    expect(await deployment.update(next.JobArn, next, then(jobArn))).toEqual({
      status: 'SUCCESS',
      physicalId: jobArn,
      attributes: { ModelArn: arn, JobArn: jobArn },
    });
  });

  test('that is not there fails at once', async () => {
    await start();
    deployment.plane.addModel(ImportName);
    const jobArn = 'arn:aws:bedrock:us-east-1:123456789012:model-import-job/missing00000';
    expect(await deployment.create(then(jobArn))).toMatchObject({
      status: 'FAILED',
      reason: `there is neither an import job ${jobArn} nor a model of this stack named ${ImportName}`,
    });
  });
});
