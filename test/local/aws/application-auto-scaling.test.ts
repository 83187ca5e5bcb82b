import {
  ApplicationAutoScalingClient,
  DeleteScalingPolicyCommand,
  DeleteScheduledActionCommand,
  DeregisterScalableTargetCommand,
  DescribeScalableTargetsCommand,
  DescribeScalingActivitiesCommand,
  DescribeScalingPoliciesCommand,
  DescribeScheduledActionsCommand,
  PutScalingPolicyCommand,
  PutScheduledActionCommand,
  RegisterScalableTargetCommand,
  type TargetTrackingScalingPolicyConfiguration,
} from '@aws-sdk/client-application-auto-scaling';
import { InvokeEndpointCommand, SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { BEGIN_MS, COLD_COMPONENT, rejectionOf, type Stack, startStack, WARM_COMPONENT } from './stack';

const CONCURRENCY = 'SageMakerInferenceComponentConcurrentRequestsPerCopyHighResolution' as const;

let stack: Stack;
let client: ApplicationAutoScalingClient;
let runtime: SageMakerRuntimeClient;

const on = (inferenceComponentName: string) => ({
  type: 'sagemaker' as const,
  endpointName: 'fleet',
  inferenceComponentName,
});

beforeEach(async () => {
  stack = await startStack([
    { kind: 'chat-model', backend: on('writer'), behaviour: WARM_COMPONENT, brain: () => 'x'.repeat(40_000) },
    { kind: 'chat-model', backend: on('sleeper'), behaviour: COLD_COMPONENT, brain: () => '' },
    {
      kind: 'chat-model',
      backend: { type: 'bedrock', modelId: 'arn:aws:bedrock:us-east-1:000000000000:imported-model/abc123def456' },
      brain: () => '',
    },
  ]);
  client = new ApplicationAutoScalingClient(stack.clientConfig);
  runtime = new SageMakerRuntimeClient(stack.clientConfig);
});

afterEach(async () => {
  client.destroy();
  runtime.destroy();
  await stack.close();
});

const of = (name: string) => ({
  ServiceNamespace: 'sagemaker' as const,
  ResourceId: `inference-component/${name}`,
  ScalableDimension: 'sagemaker:inference-component:DesiredCopyCount' as const,
});

const register = (name: string, change: { MinCapacity?: number; MaxCapacity?: number; SuspendedState?: object }) =>
  client.send(new RegisterScalableTargetCommand({ ...of(name), ...change }));

const track = (name: string, PolicyName: string, more: Partial<TargetTrackingScalingPolicyConfiguration> = {}) =>
  client.send(
    new PutScalingPolicyCommand({
      ...of(name),
      PolicyName,
      PolicyType: 'TargetTrackingScaling',
      TargetTrackingScalingPolicyConfiguration: {
        TargetValue: 2,
        PredefinedMetricSpecification: { PredefinedMetricType: CONCURRENCY },
        ...more,
      },
    }),
  );

const policiesOf = async (name: string) =>
  (await client.send(new DescribeScalingPoliciesCommand(of(name)))).ScalingPolicies!;

const activitiesOf = async (name: string) =>
  (await client.send(new DescribeScalingActivitiesCommand(of(name)))).ScalingActivities!;

const invoke = (InferenceComponentName: string) =>
  runtime.send(
    new InvokeEndpointCommand({
      EndpointName: 'fleet',
      InferenceComponentName,
      ContentType: 'application/json',
      Body: JSON.stringify({ messages: [{ role: 'user', content: 'x' }] }),
    }),
  );

const desiredOf = (name: string) => stack.world.model(`sagemaker/${name}`)!.state.desiredCopies;

/** Keeps so many calls in hand for a time of the world, then lets them end. */
async function keepBusy(name: string, calls: number, seconds: number) {
  const model = stack.world.model(`sagemaker/${name}`);
  if (model?.kind !== 'chat-model') throw new Error(`no model ${name}`);
  const end = new AbortController();
  const answers = Array.from({ length: calls }, () =>
    model.answer({ messages: [{ role: 'user', content: 'x' }] }, end.signal).catch(() => {}),
  );
  await new Promise<void>((resolve) => setImmediate(resolve));
  stack.clock.advance(seconds * 1000);
  end.abort();
  await Promise.all(answers);
}

test('every inference component begins as a scalable target with the bounds of its behaviour', async () => {
  const { ScalableTargets } = await client.send(new DescribeScalableTargetsCommand({ ServiceNamespace: 'sagemaker' }));
  expect(ScalableTargets).toEqual([
    expect.objectContaining({ ...of('writer'), MinCapacity: 1, MaxCapacity: 4, CreationTime: new Date(BEGIN_MS) }),
    expect.objectContaining({ ...of('sleeper'), MinCapacity: 0, MaxCapacity: 4 }),
  ]);
  const { ScalableTargets: one } = await client.send(
    new DescribeScalableTargetsCommand({ ServiceNamespace: 'sagemaker', ResourceIds: ['inference-component/sleeper'] }),
  );
  expect(one!.map(({ ResourceId }) => ResourceId)).toEqual(['inference-component/sleeper']);
});

test('it begins with the policies that its behaviour amounts to', async () => {
  expect(await policiesOf('writer')).toEqual([
    expect.objectContaining({
      PolicyType: 'TargetTrackingScaling',
      TargetTrackingScalingPolicyConfiguration: {
        TargetValue: 5,
        PredefinedMetricSpecification: { PredefinedMetricType: CONCURRENCY },
        ScaleInCooldown: 300,
      },
    }),
    expect.objectContaining({ PolicyType: 'StepScaling' }),
  ]);
});

test('a higher minimum adds copies at once, and a lower maximum takes them', async () => {
  const { ScalableTargetARN } = await register('writer', { MinCapacity: 3 });
  expect(ScalableTargetARN).toMatch(/^arn:aws:application-autoscaling:us-east-1:000000000000:scalable-target\//);
  expect(desiredOf('writer')).toBe(3);
  await register('writer', { MinCapacity: 1, MaxCapacity: 2 });
  expect(desiredOf('writer')).toBe(2);
  const { ScalableTargets } = await client.send(new DescribeScalableTargetsCommand(of('writer')));
  expect(ScalableTargets![0]).toMatchObject({ MinCapacity: 1, MaxCapacity: 2 });
});

test('a policy that is put is kept to the letter, and its target is what the copies follow', async () => {
  const more = { TargetValue: 1.5, ScaleOutCooldown: 120, ScaleInCooldown: 700, DisableScaleIn: false };
  await track('writer', 'concurrency', more);
  const [policy] = await policiesOf('writer');
  expect(policy!.TargetTrackingScalingPolicyConfiguration).toEqual({
    ...more,
    PredefinedMetricSpecification: { PredefinedMetricType: CONCURRENCY },
  });
  await keepBusy('writer', 4, 50);
  expect(desiredOf('writer')).toBe(3);
});

test('a policy put again keeps its identity', async () => {
  const [before] = await policiesOf('writer');
  const { PolicyARN, Alarms } = await track('writer', 'concurrency');
  expect(PolicyARN).toBe(before!.PolicyARN);
  expect(Alarms).toEqual(before!.Alarms);
});

test('without a policy, load changes nothing', async () => {
  await client.send(new DeleteScalingPolicyCommand({ ...of('writer'), PolicyName: 'concurrency' }));
  await keepBusy('writer', 20, 50);
  expect(desiredOf('writer')).toBe(1);
  await track('writer', 'anew');
  await keepBusy('writer', 20, 50);
  expect(desiredOf('writer')).toBe(4);
});

test.each([
  ['suspended', () => register('writer', { SuspendedState: { DynamicScalingInSuspended: true } })],
  ['disabled', () => track('writer', 'concurrency', { DisableScaleIn: true })],
])('copies are added but not taken while scale-in is %s', async (_, forbid) => {
  await forbid();
  await keepBusy('writer', 12, 50);
  const grown = desiredOf('writer');
  expect(grown).toBeGreaterThan(1);
  stack.clock.advance(3600e3);
  expect(desiredOf('writer')).toBe(grown);
});

test('copies are taken when the cooldown of the policy is over', async () => {
  await track('writer', 'concurrency', { ScaleInCooldown: 3600 });
  await keepBusy('writer', 12, 50);
  const grown = desiredOf('writer');
  stack.clock.advance(3400e3);
  expect(desiredOf('writer')).toBe(grown);
  stack.clock.advance(300e3);
  expect(desiredOf('writer')).toBe(1);
});

test('activities tell what changed the copies, the latest first, and when the change was fulfilled', async () => {
  await keepBusy('writer', 12, 50);
  await register('writer', { MinCapacity: 4 });
  expect(await activitiesOf('writer')).toMatchObject([
    {
      Description: 'Setting desired copy count to 4.',
      Cause: 'minimum capacity was set to 4',
      StatusCode: 'InProgress',
    },
    {
      Description: 'Setting desired copy count to 3.',
      Cause: expect.stringMatching(
        /^monitor alarm TargetTracking-inference-component\/writer-AlarmHigh-.* in state ALARM triggered policy concurrency$/,
      ),
      StartTime: new Date(BEGIN_MS + 40_000),
      StatusCode: 'Overridden',
    },
  ]);
  stack.clock.advance(260_000);
  expect((await activitiesOf('writer'))[0]).toMatchObject({ StatusCode: 'Successful', EndTime: expect.any(Date) });
});

test('a refused call wakes a component by its policy of steps, and only by that', async () => {
  await rejectionOf(invoke('sleeper'));
  stack.clock.advance(60_000);
  expect(desiredOf('sleeper')).toBe(1);
  expect((await activitiesOf('sleeper'))[0]!.Cause).toMatch(/triggered policy from-zero$/);

  stack.world.model('sagemaker/sleeper')!.setDesiredCopies(0);
  await client.send(new DeleteScalingPolicyCommand({ ...of('sleeper'), PolicyName: 'from-zero' }));
  await rejectionOf(invoke('sleeper'));
  stack.clock.advance(60_000);
  expect(desiredOf('sleeper')).toBe(0);
});

describe('a scheduled action', () => {
  const schedule = (ScheduledActionName: string, Schedule: string, limits: object) =>
    client.send(
      new PutScheduledActionCommand({ ...of('writer'), ScheduledActionName, Schedule, ScalableTargetAction: limits }),
    );

  test('changes the bounds at its time', async () => {
    await schedule('open', 'at(2026-01-05T09:00:00)', { MinCapacity: 2 });
    await schedule('close', 'at(2026-01-05T17:00:00)', { MinCapacity: 0, MaxCapacity: 1 });
    stack.clock.advance(9 * 3600e3 - 1);
    expect(desiredOf('writer')).toBe(1);
    stack.clock.advance(1);
    expect(desiredOf('writer')).toBe(2);
    stack.clock.advance(8 * 3600e3);
    expect(desiredOf('writer')).toBe(1);
    const { ScalableTargets } = await client.send(new DescribeScalableTargetsCommand(of('writer')));
    expect(ScalableTargets![0]).toMatchObject({ MinCapacity: 0, MaxCapacity: 1 });
  });

  test('put again is moved, and deleted does not happen', async () => {
    await schedule('open', 'at(2026-01-05T09:00:00)', { MinCapacity: 2 });
    await schedule('open', 'at(2026-01-05T10:00:00)', { MinCapacity: 3 });
    const { ScheduledActions } = await client.send(new DescribeScheduledActionsCommand(of('writer')));
    expect(ScheduledActions).toMatchObject([
      {
        ScheduledActionName: 'open',
        Schedule: 'at(2026-01-05T10:00:00)',
        ScalableTargetAction: { MinCapacity: 3 },
        CreationTime: new Date(BEGIN_MS),
      },
    ]);
    stack.clock.advance(9 * 3600e3);
    expect(desiredOf('writer')).toBe(1);
    const remove = () =>
      client.send(new DeleteScheduledActionCommand({ ...of('writer'), ScheduledActionName: 'open' }));
    await remove();
    stack.clock.advance(3600e3);
    expect(desiredOf('writer')).toBe(1);
    expect(await rejectionOf(remove())).toMatchObject({ name: 'ObjectNotFoundException' });
  });

  test('does nothing while schedules are suspended', async () => {
    await schedule('open', 'at(2026-01-05T09:00:00)', { MinCapacity: 2 });
    await register('writer', { SuspendedState: { ScheduledScalingSuspended: true } });
    stack.clock.advance(9 * 3600e3);
    expect(desiredOf('writer')).toBe(1);
  });

  test.each([
    ['cron(0 9 * * ? *)', { MinCapacity: 2 }],
    ['at(2026-13-05T09:00:00)', { MinCapacity: 2 }],
    ['at(2026-01-05T09:00:00)', {}],
  ])('%s with %j is refused', async (when, limits) => {
    expect(await rejectionOf(schedule('open', when, limits))).toMatchObject({ name: 'ValidationException' });
  });
});

test('descriptions come in pages', async () => {
  const page = { ServiceNamespace: 'sagemaker' as const, MaxResults: 3 };
  const first = await client.send(new DescribeScalingPoliciesCommand(page));
  expect(first.ScalingPolicies).toHaveLength(3);
  const { NextToken } = first;
  const second = await client.send(new DescribeScalingPoliciesCommand({ ...page, NextToken }));
  expect(second.ScalingPolicies).toHaveLength(1);
  expect(second.NextToken).toBeUndefined();
});

test.each([
  ['a policy of nobody', 'ObjectNotFoundException', () => track('nobody', 'p')],
  [
    'the deletion of a policy that is not there',
    'ObjectNotFoundException',
    () => client.send(new DeleteScalingPolicyCommand({ ...of('writer'), PolicyName: 'none' })),
  ],
  ['the registration of nobody', 'ValidationException', () => register('nobody', { MinCapacity: 1, MaxCapacity: 2 })],
  ['a minimum above the maximum', 'ValidationException', () => register('writer', { MinCapacity: 5 })],
  ['a negative minimum', 'ValidationException', () => register('writer', { MinCapacity: -1 })],
  ['a target of 0', 'ValidationException', () => track('writer', 'concurrency', { TargetValue: 0 })],
  ['a negative cooldown', 'ValidationException', () => track('writer', 'concurrency', { ScaleInCooldown: -1 })],
  ['a second policy for the metric', 'ValidationException', () => track('writer', 'second')],
  [
    'a policy for a metric that copies do not follow',
    'ValidationException',
    () =>
      track('writer', 'concurrency', {
        PredefinedMetricSpecification: { PredefinedMetricType: 'SageMakerInferenceComponentInvocationsPerCopy' },
      }),
  ],
  [
    'a token that no answer gave',
    'InvalidNextTokenException',
    () => client.send(new DescribeScalingPoliciesCommand({ ServiceNamespace: 'sagemaker', NextToken: 'x' })),
  ],
  [
    'an operation that the local stack lacks',
    'UnknownOperationException',
    () => client.send(new DeregisterScalableTargetCommand(of('writer'))),
  ],
])('%s is a %s, and changes nothing', async (_, name, call) => {
  const before = await policiesOf('writer');
  expect(await rejectionOf(call())).toMatchObject({ name });
  expect(await policiesOf('writer')).toEqual(before);
  expect(desiredOf('writer')).toBe(1);
});
