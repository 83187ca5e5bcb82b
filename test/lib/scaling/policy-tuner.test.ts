import { App, Duration, Lazy, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Schedule } from 'aws-cdk-lib/aws-applicationautoscaling';
import { graph, model, tool } from 'cdk-compound-inference/graph';
import { z } from 'zod';
import type { TunerDeployment } from '../../../core/scale/tuner-deployment';
import { tunerDeploymentFaults } from '../../../core/scale/tuner-deployment-faults';
import { Agent, type InferenceComponent, InferenceFleet, InferenceInstanceType, Spillover } from '../../../lib';
import { PolicyTuner } from '../../../lib/scaling/policy-tuner';
import type { PolicyTunerOptions } from '../../../lib/scaling/policy-tuner-props';
import { TuningMode } from '../../../lib/scaling/tuning-mode';
import { resolveTemplate } from '../../support/resolve-template';
import { containerModel } from '../fleet/component-world';
import { faultsOf } from '../support/faults-of';
import { CODE, support, WarmingWorld } from '../warming/warming-world';

const OBJECTIVE = { p95: Duration.seconds(8) };

/** The functions that are told what to tune, as they are deployed. */
function configsOf(stack: Stack): TunerDeployment[] {
  const { Resources } = resolveTemplate(Template.fromStack(stack).toJSON() as never);
  return Object.values(Resources).flatMap(({ Type, Properties }) => {
    const variable = Type === 'AWS::Lambda::Function' ? Properties.Environment?.Variables.COMPOUND_TUNER : undefined;
    return variable === undefined ? [] : [JSON.parse(variable)];
  });
}

function tuned(world: WarmingWorld, options: PolicyTunerOptions = {}): PolicyTuner {
  return new PolicyTuner(world.stack, 'Tuner', { agents: [world.agent], ...options });
}

function permissionsOf(stack: Stack): string[] {
  const policies = Template.fromStack(stack).findResources('AWS::IAM::Policy', {
    Properties: { PolicyName: Match.stringLikeRegexp('TunerFunctionServiceRole') },
  });
  return Object.values(policies).flatMap(({ Properties }) =>
    Properties.PolicyDocument.Statement.flatMap(({ Action }: { Action: string | string[] }) => Action),
  );
}

describe('an agent with an objective', () => {
  const world = new WarmingWorld({ objective: OBJECTIVE });
  const tuner = world.agent.tune();
  const template = Template.fromStack(world.stack);
  const [config] = configsOf(world.stack);

  test('is enough: the tuner gets a configuration that it takes', () => {
    expect([...tunerDeploymentFaults(config)]).toEqual([]);
    expect(config).toMatchObject({
      mode: 'act',
      ledgerDays: 90,
      agents: { support: { objectiveMs: 8000, functionName: expect.any(String) } },
    });
  });

  test('has the models that scale tuned, within their bounds and around their targets', () => {
    expect(config!.components).toEqual({
      planner: {
        inferenceComponentName: expect.any(String),
        policyName: expect.any(String),
        minCopies: 0,
        maxCopies: 6,
        minTarget: 4,
        maxTarget: 16,
        // Four copies on an instance of 5.752 dollars.
        pricePerCopyHourUsd: 1.438,
        deployed: { target: 8, scaleOutCooldownSeconds: 300, scaleInCooldownSeconds: 300 },
      },
    });
    expect(Object.keys(tuner.components)).toEqual(['planner']);
  });

  test('has the policy named that tracks the target', () => {
    template.hasResourceProperties('AWS::ApplicationAutoScaling::ScalingPolicy', {
      PolicyType: 'TargetTrackingScaling',
      PolicyName: config!.components.planner!.policyName,
    });
  });

  test('has its graph told, node by node', () => {
    expect(config!.agents.support!.nodes).toContainEqual({
      id: 'answer',
      component: 'writer',
      needs: [
        { node: 'found', probability: 1 },
        { node: 'deep', probability: 1 },
      ],
      join: 'all',
      width: 1,
      repeat: 0,
    });
  });

  test('gets a ledger that outlives the stack', () => {
    template.hasResource('AWS::DynamoDB::Table', {
      Properties: {
        KeySchema: [
          { AttributeName: 'component', KeyType: 'HASH' },
          { AttributeName: 'at', KeyType: 'RANGE' },
        ],
        TimeToLiveSpecification: { AttributeName: 'expiresAtSeconds', Enabled: true },
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      },
      DeletionPolicy: 'Retain',
    });
  });

  test('is tuned each minute, by a function that may change its scaling and no other', () => {
    template.hasResourceProperties('AWS::Scheduler::Schedule', { ScheduleExpression: 'rate(1 minute)' });
    const arn = { 'Fn::GetAtt': [Match.stringLikeRegexp('GpuPlanner'), 'InferenceComponentArn'] };
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyName: Match.stringLikeRegexp('TunerFunctionServiceRole'),
      PolicyDocument: {
        Statement: Match.arrayWith([
          { Effect: 'Allow', Action: 'sagemaker:UpdateInferenceComponentRuntimeConfig', Resource: arn },
          {
            Effect: 'Allow',
            Action: [
              'application-autoscaling:DeleteScheduledAction',
              'application-autoscaling:PutScalingPolicy',
              'application-autoscaling:PutScheduledAction',
              'application-autoscaling:RegisterScalableTarget',
            ],
            Resource: Match.anyValue(),
            Condition: {
              StringEquals: {
                'application-autoscaling:service-namespace': 'sagemaker',
                'application-autoscaling:scalable-dimension': 'sagemaker:inference-component:DesiredCopyCount',
              },
            },
          },
        ]),
      },
    });
  });
});

test('the alarms that the tuner may change are those of its own components', () => {
  const world = new WarmingWorld({ objective: OBJECTIVE });
  tuned(world);
  const { Resources } = resolveTemplate(Template.fromStack(world.stack).toJSON() as never);
  const statements = Object.values(Resources)
    .filter(({ Type }) => Type === 'AWS::IAM::Policy')
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
  const onAlarms = statements.filter(({ Action }) => [Action].flat().includes('cloudwatch:PutMetricAlarm'));
  expect(onAlarms).toEqual([
    {
      Effect: 'Allow',
      Action: ['cloudwatch:DeleteAlarms', 'cloudwatch:PutMetricAlarm'],
      Resource: expect.stringMatching(/:alarm:TargetTracking-inference-component\/[^*]*planner[^*]*-Alarm\*$/),
    },
  ]);
});

test('a model behind a Spillover is not tuned, and synthesis warns of it', () => {
  const world = new WarmingWorld({ objective: OBJECTIVE });
  const { stack, planner, writer, search } = world;
  const beside = world.fleet.addComponent('Beside', { model: containerModel(), resources: { memoryMiB: 1024 } });
  beside.autoScaleCopies({ min: 1, max: 2, targetConcurrency: 4 });
  const agent = new Agent(stack, 'Spilling', {
    graph: support,
    code: CODE,
    components: { planner, writer: Spillover.of([beside, writer]), search },
    objective: OBJECTIVE,
  });
  new PolicyTuner(stack, 'Tuner', { agents: [agent] });
  expect(Object.keys(configsOf(stack)[0]!.components)).toEqual(['planner']);
  Annotations.fromStack(stack).hasWarning(
    '/Test/Tuner',
    Match.stringLikeRegexp('writer of support.*Test/Gpu/Beside.*cdk-compound-inference:tuner/spillover-not-tuned'),
  );
});

test('what only a plan calls is tuned, measured by the names of its components', () => {
  const { stack, planner, search, fleet } = new WarmingWorld({ objective: OBJECTIVE });
  const scaled = (id: string) => {
    const component = fleet.addComponent(id, { model: containerModel(), resources: { memoryMiB: 1024 } });
    component.autoScaleCopies({ min: 1, max: 2, targetConcurrency: 4 });
    return component;
  };
  const io = { input: z.object({}), output: z.any() };
  const tools = [tool('search', io), tool('reader', io)];
  const planned = graph('planned', { input: z.object({}) })
    .plan('work', { call: model('planner'), input: () => 'Find out.', tools })
    .node('write', ['work'], { call: model('writer'), input: () => 'Write.' })
    .output(({ write }) => write);
  const agent = new Agent(stack, 'Planned', {
    graph: planned,
    code: CODE,
    components: { planner, search, reader: scaled('Reader'), writer: scaled('Writer') },
    objective: OBJECTIVE,
  });
  new PolicyTuner(stack, 'Tuner', { agents: [agent] });

  const [config] = configsOf(stack);
  expect(Object.keys(config!.components)).toEqual(['planner', 'reader', 'writer']);
  expect([...tunerDeploymentFaults(config)]).toEqual([]);
  Annotations.fromStack(stack).hasNoWarning('/Test/Tuner', Match.anyValue());
  const shown = config!.agents.planned!.nodes.map(({ id, component, needs, part }) => [id, component, needs, part]);
  const after = (node: string) => [{ node, probability: 1 }];
  expect(shown).toEqual([
    ['work', undefined, [], undefined],
    ['work:planner', 'planner', after('work'), { plan: 'work', calls: 'planner' }],
    ['work:search', 'search', after('work:planner'), { plan: 'work', calls: 'search' }],
    ['work:reader', 'reader', after('work:search'), { plan: 'work', calls: 'reader' }],
    ['write', 'writer', after('work:reader'), undefined],
  ]);
});

test('a Spillover of backends without copies is no reason to warn', () => {
  const world = new WarmingWorld({ objective: OBJECTIVE });
  tuned(world);
  Annotations.fromStack(world.stack).hasNoWarning('*', Match.stringLikeRegexp('spillover'));
});

test.each([TuningMode.DRY_RUN, TuningMode.OFF])('in the mode %s the tuner may change nothing', (mode) => {
  const world = new WarmingWorld({ objective: OBJECTIVE });
  tuned(world, { mode });
  const writes = permissionsOf(world.stack).filter((action) =>
    /^(?!dynamodb|xray|sqs).*:(Put|Register|Update|Delete)/.test(action),
  );
  expect(writes).toEqual([]);
  expect(configsOf(world.stack)[0]).toMatchObject({ mode: mode.name });
});

test('bounds, mechanisms and times are passed on', () => {
  const world = new WarmingWorld({ objective: OBJECTIVE });
  const own = {
    component: world.planner,
    minTarget: 2,
    maxTarget: 12,
    pricePerCopyHour: 1,
    objective: Duration.seconds(2),
    acknowledgedAt: '2026-11-23T12:00:00Z',
  };
  tuned(world, { components: [own], mechanisms: { burstGuard: false }, ledgerRetention: Duration.days(7) });
  const [config] = configsOf(world.stack);
  expect([...tunerDeploymentFaults(config)]).toEqual([]);
  expect(config).toMatchObject({
    mechanisms: { burstGuard: false },
    ledgerDays: 7,
    components: {
      planner: {
        minTarget: 2,
        maxTarget: 12,
        pricePerCopyHourUsd: 1,
        objectiveMs: 2000,
        acknowledgedAtMs: Date.UTC(2026, 10, 23, 12),
      },
    },
  });
});

test('bounds that a schedule sets later count', () => {
  const world = new WarmingWorld({ objective: OBJECTIVE });
  tuned(world);
  world.planner.copyScaling!.scaleOnSchedule('Fair', { schedule: Schedule.rate(Duration.days(1)), min: 1, max: 9 });
  expect(configsOf(world.stack)[0]!.components.planner).toMatchObject({ minCopies: 0, maxCopies: 9 });
});

/** Two agents of one model each, on a fleet. */
function twoAgents(
  names: readonly [string, string],
  isShared: boolean,
): { readonly stack: Stack; readonly agents: Agent[] } {
  const stack = new Stack(new App(), 'Test');
  const fleet = new InferenceFleet(stack, 'Gpu', {
    instanceTypes: [InferenceInstanceType.G6_12XLARGE],
    maxInstances: 4,
  });
  const scaled = (id: string): InferenceComponent => {
    const component = fleet.addComponent(id, {
      model: containerModel(),
      resources: { accelerators: 1, memoryMiB: 1024 },
    });
    component.autoScaleCopies({ min: 1, max: 2, targetConcurrency: 4 });
    return component;
  };
  const first = scaled('First');
  const second = isShared ? first : scaled('Second');
  const agents = [first, second].map((component, at) => {
    const name = names[at]!;
    const one = graph(`agent-${at}`, { input: z.object({}) })
      .node('only', { call: model(name), input: () => 'Go' })
      .output(({ only }) => only.text);
    return new Agent(stack, `Agent${at}`, {
      graph: one,
      code: CODE,
      components: { [name]: component },
      objective: OBJECTIVE,
    });
  });
  return { stack, agents };
}

describe('agents together', () => {
  const namesOf = (names: readonly [string, string], isShared: boolean) => {
    const { stack, agents } = twoAgents(names, isShared);
    new PolicyTuner(stack, 'Tuner', { agents });
    const [config] = configsOf(stack);
    expect([...tunerDeploymentFaults(config)]).toEqual([]);
    return Object.keys(config!.components);
  };

  test('share a model under its name', () => {
    expect(namesOf(['writer', 'writer'], true)).toEqual(['writer']);
  });

  test('may have two models of one name, which then go by their paths', () => {
    expect(namesOf(['writer', 'writer'], false)).toEqual(['Test/Gpu/First', 'Test/Gpu/Second']);
  });

  test('may have two names for one model, which then goes by its path', () => {
    expect(namesOf(['writer', 'author'], true)).toEqual(['Test/Gpu/First']);
  });
});

describe('refuses', () => {
  test('an agent without an objective, and says how to give it one', () => {
    expect(faultsOf(() => tuned(new WarmingWorld()))).toEqual([
      {
        id: 'tuner/no-objective',
        field: 'agents[0]',
        message: expect.stringContaining('objective: { p95: Duration.seconds(8) }'),
      },
    ]);
  });

  test('no agents, and agents whose models do not scale', () => {
    const { stack, fleet, writer, search } = new WarmingWorld({ objective: OBJECTIVE });
    expect(faultsOf(() => new PolicyTuner(stack, 'Tuner', { agents: [] }))).toMatchObject([{ id: 'tuner/no-agents' }]);
    const planner = fleet.addComponent('Fixed', { model: containerModel(), resources: { memoryMiB: 1024 } });
    const components = { planner, writer, search };
    const fixed = new Agent(stack, 'Fixed', { graph: support, code: CODE, components, objective: OBJECTIVE });
    expect(faultsOf(() => fixed.tune())).toMatchObject([
      { id: 'tuner/nothing-to-tune', message: expect.stringContaining('autoScaleCopies') },
    ]);
  });

  test.each<[string, Partial<NonNullable<PolicyTunerOptions['components']>[number]>, string]>([
    ['a lowest target below one', { minTarget: 0.5 }, 'tuner/target-bounds'],
    ['a lowest target above the one that is deployed', { minTarget: 9 }, 'tuner/target-bounds'],
    ['a highest target below the one that is deployed', { maxTarget: 7 }, 'tuner/target-bounds'],
    ['a time that is none', { acknowledgedAt: 'yesterday' }, 'tuner/bad-time'],
    ['a price of nothing', { pricePerCopyHour: 0 }, 'tuner/bad-price'],
  ])('%s', (_, own, id) => {
    const world = new WarmingWorld({ objective: OBJECTIVE });
    const components = [{ component: world.planner, ...own }];
    expect(faultsOf(() => tuned(world, { components })).map((fault) => fault.id)).toEqual([id]);
  });

  test('a component that is described twice, or that no agent calls', () => {
    const world = new WarmingWorld({ objective: OBJECTIVE });
    const other = world.fleet.addComponent('Other', { model: containerModel(), resources: { memoryMiB: 1024 } });
    const components = [{ component: world.planner }, { component: world.planner }, { component: other }];
    expect(faultsOf(() => tuned(world, { components })).map(({ id, field }) => [id, field])).toEqual([
      ['tuner/component-twice', 'components[1].component'],
      ['tuner/component-not-tuned', 'components[2].component'],
    ]);
  });

  test('a model that another tuner has', () => {
    const world = new WarmingWorld({ objective: OBJECTIVE });
    tuned(world);
    expect(faultsOf(() => new PolicyTuner(world.stack, 'Second', { agents: [world.agent] }))).toMatchObject([
      { id: 'tuner/tuned-twice', field: 'components.planner', message: expect.stringContaining('Test/Tuner already') },
    ]);
  });

  test('instances whose price is not known', () => {
    const world = new WarmingWorld({
      objective: OBJECTIVE,
      instanceType: InferenceInstanceType.of('ml.inf2.24xlarge'),
    });
    expect(faultsOf(() => tuned(world))).toMatchObject([
      { id: 'tuner/unknown-price', message: expect.stringContaining('pricePerCopyHour') },
    ]);
  });

  test('what TypeScript would have asked for, and a ledger that keeps nothing', () => {
    const { stack, agent } = new WarmingWorld({ objective: OBJECTIVE });
    expect(faultsOf(() => new PolicyTuner(stack, 'None', {} as never))).toMatchObject([
      { id: 'tuner/missing', field: 'agents' },
    ]);
    const tuner = (id: string, props: object) => () => new PolicyTuner(stack, id, { agents: [agent], ...props });
    expect(faultsOf(tuner('Some', { components: [{}] }))).toMatchObject([
      { id: 'tuner/missing', field: 'components[0].component' },
    ]);
    expect(faultsOf(tuner('Forgetful', { ledgerRetention: Duration.days(0) }))).toContainEqual(
      expect.objectContaining({ id: 'tuner/bad-retention', field: 'ledgerRetention' }),
    );
  });

  test('two agents of one name', () => {
    const { stack, agent } = new WarmingWorld({ objective: OBJECTIVE });
    expect(faultsOf(() => new PolicyTuner(stack, 'Tuner', { agents: [agent, agent] }))).toEqual([
      {
        id: 'tuner/agent-name-twice',
        field: 'agents[1]',
        message: 'must run graphs of different names, since they are told apart by them, got twice: "support"',
      },
    ]);
  });

  test('a target that is known only at deployment', () => {
    const { stack, fleet, writer, search } = new WarmingWorld({ objective: OBJECTIVE });
    const late = fleet.addComponent('Late', { model: containerModel(), resources: { memoryMiB: 1024 } });
    late.autoScaleCopies({ min: 1, max: 2, targetConcurrency: Lazy.number({ produce: () => 4 }) });
    const components = { planner: late, writer, search };
    const agent = new Agent(stack, 'Late', { graph: support, code: CODE, components, objective: OBJECTIVE });
    expect(faultsOf(() => agent.tune())).toEqual([
      {
        id: 'tuner/late-target',
        field: 'components.planner',
        message: 'has a targetConcurrency that is known only at deployment, and so are its bounds: write the number',
      },
    ]);
  });

  test('a fleet in another Region', () => {
    const app = new App();
    const world = new WarmingWorld({ app, objective: OBJECTIVE });
    const elsewhere = new Stack(app, 'Elsewhere', { env: { account: '123456789012', region: 'eu-west-1' } });
    expect(faultsOf(() => new PolicyTuner(elsewhere, 'Tuner', { agents: [world.agent] }))).toEqual([
      {
        id: 'tuner/other-region',
        field: 'components.planner',
        message: 'is in us-east-1, and a tuner works in its own Region: make one in the stack of the fleet',
      },
    ]);
  });

  test('what no secret can hold, and says what to do', () => {
    const { stack, planner } = new WarmingWorld({ objective: OBJECTIVE });
    const call = model('planner');
    const nodes = Array.from({ length: 500 }, (_, at) => `${'n'.repeat(60)}-${at}`);
    const wide = nodes
      .reduce(
        (builder, id) => builder.node(id, { call, input: () => 'Go' }),
        graph('wide', { input: z.object({}) }).node('first', { call, input: () => 'Go' }),
      )
      .output(({ first }) => first.text);
    const agent = new Agent(stack, 'Wide', {
      graph: wide,
      code: CODE,
      components: { planner },
      objective: OBJECTIVE,
    });
    expect(faultsOf(() => agent.tune())).toEqual([
      {
        id: 'tuner/configuration-too-large',
        field: 'agents.wide.nodes',
        message: expect.stringMatching(
          /^takes \d+ bytes of the function's configuration, and a secret holds \d+: make it smaller$/,
        ),
      },
    ]);
  });

  test('an objective that is known only at deployment', () => {
    const { stack, agent } = new WarmingWorld({ objective: OBJECTIVE });
    const p95 = Duration.seconds(Lazy.number({ produce: () => 8 }));
    const late = Agent.fromAgentAttributes(stack, 'Late', {
      graph: support,
      functionArn: agent.function.functionArn,
      objective: { p95 },
    });
    expect(faultsOf(() => new PolicyTuner(stack, 'Tuner', { agents: [late] }))).toContainEqual(
      expect.objectContaining({ id: 'tuner/late-objective', field: 'agents[0]' }),
    );
  });

  test('a second tuner of the same agent', () => {
    const { agent } = new WarmingWorld({ objective: OBJECTIVE });
    agent.tune();
    expect(faultsOf(() => agent.tune())).toMatchObject([{ id: 'agent/tuned-twice' }]);
  });
});
