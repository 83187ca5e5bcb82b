import { App, Duration, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Schedule } from 'aws-cdk-lib/aws-applicationautoscaling';
import { type WarmerConfig, warmerConfigFaults } from '../../../core/warm';
import { Agent, InferenceInstanceType } from '../../../lib';
import { Prewarming } from '../../../lib/warming/prewarming';
import type { PrewarmingOptions } from '../../../lib/warming/prewarming-props';
import { WarmingPolicy } from '../../../lib/warming/warming-policy';
import { resolveTemplate } from '../../support/resolve-template';
import { containerModel } from '../fleet/component-world';
import { faultsOf } from '../support/faults-of';
import { CODE, prewarm, support, WarmingWorld } from './warming-world';

/** The variables of the functions, as they are deployed. */
function variablesOf(stack: Stack): Record<string, string> {
  const { Resources } = resolveTemplate(Template.fromStack(stack).toJSON() as never);
  const functions = Object.values(Resources).filter(({ Type }) => Type === 'AWS::Lambda::Function');
  return Object.assign({}, ...functions.map(({ Properties }) => Properties.Environment?.Variables));
}

const configOf = (stack: Stack): WarmerConfig => JSON.parse(variablesOf(stack).COMPOUND_WARMER!);

describe('left at defaults, with a budget', () => {
  const world = new WarmingWorld();
  const prewarming = prewarm(world);
  const template = Template.fromStack(world.stack);
  const config = configOf(world.stack);

  test('the warmer gets a configuration that it takes', () => {
    expect(warmerConfigFaults(config)).toEqual([]);
    expect(config).toMatchObject({ policy: 'entry', limits: { monthlyBudgetUsd: 300, hourlyBudgetUsd: 10 } });
  });

  test('a model on a fleet that may have no instances costs its share of one, and starts with it', () => {
    expect(config.backends['sagemaker/Test/Gpu/Planner']).toEqual({
      type: 'sagemaker',
      inferenceComponentName: expect.any(String),
      endpointName: expect.any(String),
      minCopies: 0,
      maxCopies: 6,
      concurrencyPerCopy: 8,
      // Four copies on an instance of 5.752 dollars.
      pricePerHourUsd: 1.438,
      startPath: 'new-instance',
      restart: { path: 'cached-instance', withinMs: 600_000 },
    });
  });

  test('an imported model costs what its units cost, for five minutes at least', () => {
    const backend = config.backends['bedrock/Test/Writer']!;
    expect(backend.pricePerHourUsd).toBeCloseTo(2 * 3.4308, 4);
    expect(backend.minimumBillUsd).toBeCloseTo(backend.pricePerHourUsd / 12, 6);
  });

  test('a function is not warmed: nobody knows a payload that does nothing', () => {
    expect(config.agents.support!.components).toEqual({
      planner: 'sagemaker/Test/Gpu/Planner',
      writer: 'bedrock/Test/Writer',
    });
  });

  test('the agent is told the board, the warmer and its components', () => {
    const { warming } = JSON.parse(variablesOf(world.stack).COMPOUND_CONFIG!);
    expect(warming).toEqual({
      table: expect.any(String),
      functionName: expect.any(String),
      components: config.agents.support!.components,
    });
    expect(warming.table).toBe(config.table);
  });

  test('the agent may read the board, take leases on it and call the warmer', () => {
    const board = { 'Fn::GetAtt': [Match.stringLikeRegexp('PrewarmingBoard'), 'Arn'] };
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyName: Match.stringLikeRegexp('SupportFunction'),
      PolicyDocument: {
        Statement: Match.arrayWith([
          { Effect: 'Allow', Action: 'dynamodb:BatchGetItem', Resource: board },
          {
            Effect: 'Allow',
            Action: ['dynamodb:DeleteItem', 'dynamodb:PutItem'],
            Resource: board,
            Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['lease#*'] } },
          },
          {
            Effect: 'Allow',
            Action: 'lambda:InvokeFunction',
            Resource: { 'Fn::GetAtt': [Match.stringLikeRegexp('PrewarmingWarmerFunction'), 'Arn'] },
          },
        ]),
      },
    });
  });

  test('the warmer may do what it does with its components, and nothing else', () => {
    const policies = ['PrewarmingWarmerFunctionServiceRole', 'PrewarmingScaling'].map((name) => {
      const Properties = { PolicyName: Match.stringLikeRegexp(name) };
      return Object.values(template.findResources('AWS::IAM::Policy', { Properties }))[0]!;
    });
    const statements: { Action: string | string[]; Condition?: object }[] = policies.flatMap(
      ({ Properties }) => Properties.PolicyDocument.Statement,
    );
    expect(statements.map(({ Action }) => Action)).toEqual([
      ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
      'sqs:SendMessage',
      ['dynamodb:BatchGetItem', 'dynamodb:DeleteItem', 'dynamodb:PutItem'],
      'bedrock:InvokeModel',
      ['application-autoscaling:DescribeScalableTargets', 'application-autoscaling:DescribeScalingPolicies'],
      'application-autoscaling:RegisterScalableTarget',
      ['sagemaker:DescribeInferenceComponent', 'sagemaker:UpdateInferenceComponentRuntimeConfig'],
    ]);
    expect(statements.find(({ Action }) => String(Action).includes('RegisterScalableTarget'))!.Condition).toEqual({
      StringEquals: {
        'application-autoscaling:service-namespace': 'sagemaker',
        'application-autoscaling:scalable-dimension': 'sagemaker:inference-component:DesiredCopyCount',
      },
    });
  });

  test('the board expires what is old and goes with the stack', () => {
    template.hasResource('AWS::DynamoDB::Table', {
      Properties: {
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        TimeToLiveSpecification: { AttributeName: 'expiresAtSeconds', Enabled: true },
      },
      DeletionPolicy: 'Delete',
    });
  });

  test('a schedule calls the warmer each minute; what fails is kept and not repeated', () => {
    template.hasResourceProperties('AWS::Scheduler::Schedule', {
      ScheduleExpression: 'rate(1 minute)',
      Target: { Input: '{"type":"tick"}', RetryPolicy: { MaximumRetryAttempts: 0 } },
    });
    template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      MaximumRetryAttempts: 0,
      MaximumEventAgeInSeconds: 60,
      DestinationConfig: { OnFailure: { Destination: Match.anyValue() } },
    });
    template.hasResourceProperties('AWS::Lambda::Function', {
      Description: 'Warms what runs are about to call: support',
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Timeout: 900,
      TracingConfig: { Mode: 'Active' },
    });
  });

  test('taken out of the stack, it restores what it changed after its schedule is gone', () => {
    template.hasResource('Custom::AWS', {
      Properties: { Delete: Match.objectLike({ 'Fn::Join': ['', Match.arrayWith([Match.stringLikeRegexp('stop')])] }) },
    });
    template.hasResource('AWS::Scheduler::Schedule', {
      DependsOn: Match.arrayWith([Match.stringLikeRegexp('PrewarmingRestore')]),
    });
  });

  test('it shows what it made', () => {
    expect(prewarming.agents).toEqual([world.agent]);
    expect(prewarming.failedEvents.node.path).toBe('Test/Prewarming/Warmer/FailedEvents');
  });
});

describe('what can be said of components', () => {
  test('a first call to a model on a fleet is permitted only then', () => {
    const world = new WarmingWorld();
    const firstCall = { body: '{"inputs":"."}' };
    prewarm(world, {
      components: [
        { component: world.planner, firstCall },
        { component: world.writer, excluded: true },
      ],
    });
    const { backends } = configOf(world.stack);
    expect(backends).toEqual({ 'sagemaker/Test/Gpu/Planner': expect.objectContaining({ firstCall }) });
    Template.fromStack(world.stack).hasResourceProperties('AWS::IAM::Policy', {
      PolicyName: Match.stringLikeRegexp('PrewarmingWarmerFunctionServiceRole'),
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action: 'sagemaker:InvokeEndpoint' })]) },
    });
  });

  test('a function with a first call is warmed', () => {
    const world = new WarmingWorld();
    prewarm(world, {
      components: [
        { component: world.search, firstCall: { body: '{"warm":true}' } },
        { component: world.writer, pricePerCopyHour: 5 },
      ],
    });
    const config = configOf(world.stack);
    expect(warmerConfigFaults(config)).toEqual([]);
    expect(config.backends['lambda/Test/Search']).toMatchObject({ type: 'lambda', pricePerHourUsd: 0.001 });
    expect(config.backends['bedrock/Test/Writer']).toMatchObject({ pricePerHourUsd: 5 });
  });

  test('an adapter is served by its base, which is warmed once', () => {
    const world = new WarmingWorld();
    const { stack, planner, search } = world;
    const adapter = planner.addAdapter('Legal', { artifact: { bucket: world.weights, key: 'legal.tar.gz' } });
    const components = { planner, writer: adapter, search };
    const agent = new Agent(stack, 'Adapted', { graph: support, code: CODE, components });
    new Prewarming(stack, 'Prewarming', { agents: [agent], monthlyBudget: 1 });
    const { agents, backends } = configOf(stack);
    const key = 'sagemaker/Test/Gpu/Planner';
    expect(agents.support!.components).toEqual({ planner: key, writer: key });
    expect(Object.keys(backends)).toEqual([key]);
  });

  test('a component with a fixed number of copies is always there', () => {
    const world = new WarmingWorld();
    const { stack, search } = world;
    const fixed = world.fleet.addComponent('Fixed', { model: containerModel(), resources: { memoryMiB: 1024 } });
    const agent = new Agent(stack, 'Mixed', {
      graph: support,
      code: CODE,
      components: { planner: world.planner, writer: fixed, search },
    });
    new Prewarming(stack, 'Prewarming', { agents: [agent], monthlyBudget: 1 });
    expect(Object.keys(configOf(stack).backends)).toEqual(['sagemaker/Test/Gpu/Planner']);
  });

  test('bounds that a schedule sets later count', () => {
    const world = new WarmingWorld();
    prewarm(world);
    const { copyScaling } = world.planner;
    copyScaling!.scaleOnSchedule('Fair', { schedule: Schedule.rate(Duration.days(1)), min: 0, max: 9 });
    expect(configOf(world.stack).backends['sagemaker/Test/Gpu/Planner']).toMatchObject({ maxCopies: 9 });
  });

  test('on a fleet that keeps an instance copies start there', () => {
    const world = new WarmingWorld({ minInstances: 1 });
    prewarm(world);
    expect(configOf(world.stack).backends['sagemaker/Test/Gpu/Planner']).toMatchObject({
      startPath: 'uncached-instance',
    });
  });
});

test('policy, limits and the switch are passed on', () => {
  const world = new WarmingWorld();
  prewarm(world, { policy: WarmingPolicy.ENTRY_FORECAST, hourlyBudget: 2, maxSimultaneousWarms: 3, enabled: false });
  expect(configOf(world.stack)).toMatchObject({
    policy: 'entryForecast',
    enabled: false,
    limits: { hourlyBudgetUsd: 2, maxSimultaneousWarms: 3 },
  });
});

test('an agent is pre-warmed in one line', () => {
  const world = new WarmingWorld();
  const { node } = world.agent.prewarm({
    monthlyBudget: 300,
    components: [{ component: world.writer, excluded: true }],
  });
  expect(node.path).toBe('Test/Support/Prewarming');
  expect(warmerConfigFaults(configOf(world.stack))).toEqual([]);
});

test('a configuration beyond the environment of a function goes to a secret that it may read', () => {
  const world = new WarmingWorld();
  prewarm(world, {
    components: [{ component: world.writer, customModelUnits: 1, firstCall: { body: 'x'.repeat(4096) } }],
  });
  Template.fromStack(world.stack).hasResourceProperties('AWS::SecretsManager::Secret', {
    Description: 'What a warmer may warm',
  });
  expect(variablesOf(world.stack).COMPOUND_WARMER).toMatch(/^secret:.+#[0-9a-f]{12}$/);
});

test('an agent whose configuration no longer fits its environment gets a secret', () => {
  const world = new WarmingWorld();
  const environment = { PROMPT: 'x'.repeat(2_300) };
  const components = { planner: world.planner, writer: world.writer, search: world.search };
  const agent = new Agent(world.stack, 'Wordy', { graph: support, code: CODE, components, environment });
  const secrets = () => Object.keys(Template.fromStack(world.stack).findResources('AWS::SecretsManager::Secret'));
  agent.prewarm({ monthlyBudget: 1, components: [{ component: world.writer, customModelUnits: 1 }] });
  expect(secrets()).toEqual([expect.stringMatching(/^WordyConfigSecret/)]);
});

test('an agent that calls nothing that could be warmed is a warning', () => {
  const world = new WarmingWorld();
  const fixed = world.fleet.addComponent('Fixed', { model: containerModel(), resources: { memoryMiB: 1024 } });
  const components = { planner: fixed, writer: fixed, search: world.search };
  const agent = new Agent(world.stack, 'Fixed', { graph: support, code: CODE, components });
  new Prewarming(world.stack, 'Prewarming', { agents: [agent], monthlyBudget: 1 });
  Annotations.fromStack(world.stack).hasWarning(
    '/Test/Prewarming',
    Match.stringLikeRegexp(
      'the agent support has nothing that could be warmed: models with autoScaleCopies on a fleet, imported models, and functions with a firstCall.*cdk-compound-inference:prewarming/nothing-to-warm',
    ),
  );
});

describe('refuses', () => {
  test('what no secret can hold, and says what to do', () => {
    const world = new WarmingWorld();
    const firstCall = { body: 'x'.repeat(65_536) };
    const components = [{ component: world.writer, customModelUnits: 1, firstCall }];
    expect(faultsOf(() => prewarm(world, { components }))).toEqual([
      {
        id: 'prewarming/configuration-too-large',
        field: 'backends.bedrock/Test/Writer.firstCall.body',
        message: expect.stringMatching(
          /^takes 6\d{4} bytes of the function's configuration, and a secret holds 6\d{4}: make it smaller$/,
        ),
      },
    ]);
  });

  test.each<[string, Partial<PrewarmingOptions>, string, string]>([
    ['a budget of nothing', { monthlyBudget: 0 }, 'prewarming/budget', 'monthlyBudget'],
    ['an hourly budget that is no number', { hourlyBudget: Number.NaN }, 'prewarming/budget', 'hourlyBudget'],
    ['more for an hour than for a month', { hourlyBudget: 301 }, 'prewarming/budget-order', 'hourlyBudget'],
    ['half a component at a time', { maxSimultaneousWarms: 0.5 }, 'prewarming/simultaneous', 'maxSimultaneousWarms'],
  ])('%s', (_, options, id, field) => {
    expect(faultsOf(() => prewarm(new WarmingWorld(), options))).toContainEqual({
      id,
      field,
      message: expect.any(String),
    });
  });

  test('an imported model whose copies cost nobody knows what, and says what to do', () => {
    expect(faultsOf(() => prewarm(new WarmingWorld(), { components: [] }))).toEqual([
      {
        id: 'prewarming/unknown-price',
        field: 'support.writer',
        message: expect.stringContaining('{ component, customModelUnits: 2 }'),
      },
    ]);
  });

  test('a model on instances whose price is not known', () => {
    const world = new WarmingWorld({ instanceType: InferenceInstanceType.of('ml.inf2.24xlarge') });
    expect(faultsOf(() => prewarm(world))).toEqual([
      {
        id: 'prewarming/unknown-price',
        field: 'support.planner',
        message: expect.stringContaining('ml.inf2.24xlarge'),
      },
    ]);
  });

  test('what is said twice, or of a component that no agent has, or with a price below nothing', () => {
    const world = new WarmingWorld();
    const other = new WarmingWorld({ app: new App() });
    const { writer } = world;
    const components = [
      { component: writer, customModelUnits: -1 },
      { component: writer },
      { component: other.search },
    ];
    expect(faultsOf(() => prewarm(world, { components })).map(({ id, field }) => [id, field])).toEqual([
      ['prewarming/bad-price', 'components[0].customModelUnits'],
      ['prewarming/component-twice', 'components[1].component'],
      ['prewarming/component-unbound', 'components[2].component'],
    ]);
  });

  test('no agents, and agents of one name', () => {
    const { stack, agent } = new WarmingWorld();
    expect(faultsOf(() => new Prewarming(stack, 'None', { agents: [], monthlyBudget: 1 }))).toMatchObject([
      { id: 'prewarming/no-agents' },
    ]);
    expect(faultsOf(() => new Prewarming(stack, 'Twice', { agents: [agent, agent], monthlyBudget: 1 }))).toContainEqual(
      expect.objectContaining({ id: 'prewarming/agent-name-twice', message: expect.stringContaining('"support"') }),
    );
  });

  test('what TypeScript would have asked for', () => {
    const { stack, agent } = new WarmingWorld();
    expect(faultsOf(() => new Prewarming(stack, 'None', {} as never)).map(({ id, field }) => [id, field])).toEqual([
      ['prewarming/missing', 'agents'],
      ['prewarming/missing', 'monthlyBudget'],
    ]);
    const props = { agents: [agent], monthlyBudget: 1, components: [{} as never] };
    expect(faultsOf(() => new Prewarming(stack, 'Some', props))).toContainEqual(
      expect.objectContaining({ id: 'prewarming/missing', field: 'components[0].component' }),
    );
  });

  test('an agent that is pre-warmed already', () => {
    const world = new WarmingWorld();
    prewarm(world);
    const components = [{ component: world.writer, excluded: true }];
    expect(faultsOf(() => world.agent.prewarm({ monthlyBudget: 1, components }))).toMatchObject([
      { id: 'agent/prewarmed-twice' },
    ]);
  });

  test('a warmer in another stack than the agent and what it calls', () => {
    const app = new App();
    const world = new WarmingWorld({ app });
    const other = new Stack(app, 'Other', { env: { account: '123456789012', region: 'us-east-1' } });
    const components = [{ component: world.writer, excluded: true }];
    expect(
      faultsOf(() => new Prewarming(other, 'P', { agents: [world.agent], monthlyBudget: 1, components })),
    ).toMatchObject([
      { id: 'prewarming/stack-cycle', message: expect.stringContaining('make the Prewarming in Test') },
    ]);
  });

  test('scaling that comes later than pre-warming', () => {
    const world = new WarmingWorld();
    const { stack, search } = world;
    const late = world.fleet.addComponent('Late', { model: containerModel(), resources: { memoryMiB: 1024 } });
    const agent = new Agent(stack, 'Mixed', {
      graph: support,
      code: CODE,
      components: { planner: world.planner, writer: late, search },
    });
    new Prewarming(stack, 'Prewarming', { agents: [agent], monthlyBudget: 1 });
    late.autoScaleCopies({ min: 0, max: 1, targetConcurrency: 1 });
    expect(() => Template.fromStack(stack)).toThrow(
      /Gpu\/Late got autoScaleCopies after .*\[prewarming\/scaled-later\]/,
    );
  });
});
