import { CfnParameter, Duration, Lazy, TimeZone, Token } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Schedule } from 'aws-cdk-lib/aws-applicationautoscaling';
import type { CopyScalingOptions, CopySchedule } from '../../../lib/scaling/scalable-copies';
import { component, newFleet, stackInRegion } from '../fleet/component-world';

const TARGET = 'AWS::ApplicationAutoScaling::ScalableTarget';
const POLICY = 'AWS::ApplicationAutoScaling::ScalingPolicy';

/** What tells the stack in a name: the first group of the UUID in its id. */
const STACK = {
  'Fn::Select': [0, { 'Fn::Split': ['-', { 'Fn::Select': [2, { 'Fn::Split': ['/', { Ref: 'AWS::StackId' }] }] }] }],
};

const morning = Schedule.cron({ hour: '7', minute: '0' });

function scaled(options: CopyScalingOptions) {
  const stack = stackInRegion();
  const writer = component(stack, { fleet: newFleet(stack) });
  return { stack, writer, copies: writer.autoScaleCopies(options) };
}

describe('a component that scales between 0 and 4 copies', () => {
  const { stack, writer, copies } = scaled({ min: 0, max: 4, targetConcurrency: 6 });
  const template = Template.fromStack(stack);
  const idOf = (type: string, properties: object) => {
    const [id] = Object.keys(template.findResources(type, { Properties: Match.objectLike(properties) }));
    return id;
  };
  const target = idOf(TARGET, {});
  const stepPolicy = idOf(POLICY, { PolicyType: 'StepScaling' });

  test('is created with one copy, as SageMaker wants it', () => {
    template.hasResourceProperties('AWS::SageMaker::InferenceComponent', { RuntimeConfig: { CopyCount: 1 } });
    expect(writer).toMatchObject({ initialCopies: 1, minCopies: 0, maxCopies: 4 });
  });

  test('is a target of the service-linked role, and needs no role of its own', () => {
    template.hasResourceProperties(TARGET, {
      ServiceNamespace: 'sagemaker',
      ScalableDimension: 'sagemaker:inference-component:DesiredCopyCount',
      ResourceId: { 'Fn::Join': ['', [Match.stringLikeRegexp('^inference-component/writer-[0-9a-f]{8}-$'), STACK]] },
      MinCapacity: 0,
      MaxCapacity: 4,
      RoleARN: {
        'Fn::Join': [
          '',
          [
            'arn:',
            { Ref: 'AWS::Partition' },
            ':iam::111122223333:role/aws-service-role/sagemaker.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint',
          ],
        ],
      },
    });
    template.hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: { Statement: [{ Principal: { Service: 'sagemaker.amazonaws.com' } }] },
    });
  });

  test('tracks the concurrency of each copy, measured every 10 seconds', () => {
    template.hasResourceProperties(POLICY, {
      PolicyType: 'TargetTrackingScaling',
      ScalingTargetId: { Ref: target },
      TargetTrackingScalingPolicyConfiguration: {
        PredefinedMetricSpecification: {
          PredefinedMetricType: 'SageMakerInferenceComponentConcurrentRequestsPerCopyHighResolution',
        },
        TargetValue: 6,
        ScaleOutCooldown: 300,
        ScaleInCooldown: 300,
      },
    });
  });

  test('starts a copy after the first refused call', () => {
    template.hasResourceProperties(POLICY, {
      PolicyType: 'StepScaling',
      ScalingTargetId: { Ref: target },
      StepScalingPolicyConfiguration: {
        AdjustmentType: 'ChangeInCapacity',
        MetricAggregationType: 'Maximum',
        Cooldown: 60,
        StepAdjustments: [{ MetricIntervalLowerBound: 0, ScalingAdjustment: 1 }],
      },
    });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'AWS/SageMaker',
      MetricName: 'NoCapacityInvocationFailures',
      Dimensions: [
        { Name: 'InferenceComponentName', Value: { 'Fn::Join': ['', [Match.stringLikeRegexp('^writer-'), STACK]] } },
      ],
      Statistic: 'Sum',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'notBreaching',
      AlarmActions: [{ Ref: stepPolicy }],
    });
    expect(stack.resolve(copies.refusedCallsAlarm?.alarmName)).toEqual({ Ref: expect.any(String) });
  });

  test('is deleted alarm first, then policies, target, component and endpoint', () => {
    const componentId = idOf('AWS::SageMaker::InferenceComponent', {});
    const endpoint = idOf('AWS::SageMaker::Endpoint', {});
    const names = (type: string, id: string | undefined) => JSON.stringify(template.findResources(type)[id!]);
    expect(names('AWS::CloudWatch::Alarm', idOf('AWS::CloudWatch::Alarm', { Namespace: 'AWS/SageMaker' }))).toContain(
      `{"Ref":"${stepPolicy}"}`,
    );
    expect(names(POLICY, stepPolicy)).toContain(`{"Ref":"${target}"}`);
    expect(names(TARGET, target)).toContain(`"DependsOn":["${componentId}"]`);
    expect(names('AWS::SageMaker::InferenceComponent', componentId)).toContain(
      `{"Fn::GetAtt":["${endpoint}","EndpointName"]}`,
    );
  });

  test('takes at most 6 resources', () => {
    const empty = stackInRegion('Empty');
    newFleet(empty);
    const count = (t: Template) => Object.keys(t.toJSON().Resources).length;
    // The one policy of the fleet's role serves all its components.
    const shared = Object.keys(template.findResources('AWS::IAM::Policy')).length;
    expect(count(template) - count(Template.fromStack(empty)) - shared).toBe(5);
  });
});

test.each(['Writer-V2', Token.asString({ Ref: 'Name' })])(
  'a component is scaled, woken and measured by the very name that it is given (%s), after it was made',
  (inferenceComponentName) => {
    const stack = stackInRegion();
    new CfnParameter(stack, 'Name');
    const writer = component(stack, { inferenceComponentName });
    writer.autoScaleCopies({ min: 0, max: 4, targetConcurrency: 6 });
    const { Resources } = Template.fromStack(stack).toJSON() as { Resources: Record<string, any> };
    const [id] = Object.keys(Resources).filter((key) => Resources[key].Type === 'AWS::SageMaker::InferenceComponent');
    const ofType = (type: string) => Object.values(Resources).find(({ Type }) => Type === type);
    const name = stack.resolve(inferenceComponentName);
    expect(Resources[id!].Properties.InferenceComponentName).toEqual(name);
    expect(ofType('AWS::CloudWatch::Alarm').Properties.Dimensions).toEqual([
      { Name: 'InferenceComponentName', Value: name },
    ]);
    const { Properties, DependsOn } = ofType(TARGET);
    expect([Properties.ResourceId, DependsOn]).toEqual([
      typeof name === 'string' ? `inference-component/${name}` : { 'Fn::Join': ['', ['inference-component/', name]] },
      [id],
    ]);
  },
);

test('a component that always has a copy needs nothing to start the first, and is created with its minimum', () => {
  const { stack, copies } = scaled({
    min: 2,
    max: 8,
    targetConcurrency: 4,
    scaleOutCooldown: Duration.minutes(8),
    scaleInCooldown: Duration.minutes(10),
  });
  const template = Template.fromStack(stack);
  expect(copies.refusedCallsAlarm).toBeUndefined();
  template.resourceCountIs(POLICY, 1);
  template.hasResourceProperties(POLICY, {
    TargetTrackingScalingPolicyConfiguration: { ScaleOutCooldown: 480, ScaleInCooldown: 600 },
  });
  template.hasResourceProperties('AWS::SageMaker::InferenceComponent', { RuntimeConfig: { CopyCount: 2 } });
});

test('schedules change the bounds in a time zone, and count for the room that copies need', () => {
  const { stack, writer, copies } = scaled({ min: 0, max: 4, targetConcurrency: 6 });
  copies.scaleOnSchedule('Opening', { schedule: morning, timeZone: TimeZone.EUROPE_BERLIN, min: 2, max: 6 });
  copies.scaleOnSchedule('Evening', { schedule: Schedule.cron({ hour: '19', minute: '0' }), min: 0 });
  Template.fromStack(stack).hasResourceProperties(TARGET, {
    ScheduledActions: [
      {
        ScheduledActionName: 'Opening',
        Schedule: 'cron(0 7 * * ? *)',
        Timezone: 'Europe/Berlin',
        ScalableTargetAction: { MinCapacity: 2, MaxCapacity: 6 },
      },
      { ScheduledActionName: 'Evening', Schedule: 'cron(0 19 * * ? *)', ScalableTargetAction: { MinCapacity: 0 } },
    ],
  });
  expect(writer).toMatchObject({ initialCopies: 1, minCopies: 0, highestMinCopies: 2, maxCopies: 6 });
});

test('a schedule below the minimum does not lower the copies of the creation', () => {
  const { writer, copies } = scaled({ min: 3, max: 4, targetConcurrency: 6 });
  copies.scaleOnSchedule('Night', { schedule: morning, min: 1 });
  expect(writer).toMatchObject({ initialCopies: 3, minCopies: 1, maxCopies: 4 });
});

test('a minimum known only at deployment may be 0, so the first copy can be started', () => {
  const { copies } = scaled({ min: Lazy.number({ produce: () => 0 }), max: 4, targetConcurrency: 6 });
  expect(copies.refusedCallsAlarm).toBeDefined();
});

describe('faults', () => {
  test.each<[CopyScalingOptions, string]>([
    [{ min: 5, max: 4, targetConcurrency: 1 }, 'min: must not be above max (4), got: 5 [scaling/min-above-max]'],
    [
      { min: -1, max: 4, targetConcurrency: 1 },
      'min: must be a whole number of copies, at least 0, got: -1 [scaling/min]',
    ],
    [
      { min: 1, max: 1.5, targetConcurrency: 1 },
      'max: must be a whole number of copies, at least 0, got: 1.5 [scaling/max]',
    ],
    [
      { min: 0, max: 0, targetConcurrency: 1 },
      'max: must be at least 1, or no copy could ever start: switch off by a schedule with min: 0, max: 0 [scaling/max-zero]',
    ],
    [
      { min: 1, max: 4, targetConcurrency: 0 },
      'targetConcurrency: must be above 0, the requests that one copy should have at a time, got: 0 [scaling/target-concurrency]',
    ],
  ])('%#: a fault of the bounds or the target', (options, expected) => {
    expect(() => scaled(options)).toThrow(`Test/Writer/Scaling has 1 fault(s):\n  ${expected}`);
  });

  test.each([1, 5])('the component is created with %p copies, out of bounds', (initialCopies) => {
    const writer = component(stackInRegion(), { initialCopies });
    expect(() => writer.autoScaleCopies({ min: 2, max: 4, targetConcurrency: 1 })).toThrow(
      `initialCopies: must be within min and max (2 to 4), got: ${initialCopies} [scaling/initial-copies]`,
    );
  });

  test('the component is scaled twice', () => {
    const { writer } = scaled({ min: 1, max: 4, targetConcurrency: 1 });
    expect(() => writer.autoScaleCopies({ min: 1, max: 4, targetConcurrency: 1 })).toThrow(
      'autoScaleCopies: was called already: keep what the first call returned [component/scaled-twice]',
    );
  });

  test.each<[Omit<CopySchedule, 'schedule'>, string]>([
    [{}, 'schedule "Night" min: or max must be given [scaling/schedule-empty]'],
    [{ min: 3, max: 2 }, 'schedule "Night" min: must not be above max (2), got: 3 [scaling/min-above-max]'],
    [{ max: -1 }, 'schedule "Night" max: must be a whole number of copies, at least 0, got: -1 [scaling/max]'],
    [
      { min: 0 },
      'schedule "Night" min: must not be 0, because nothing would start the first copy again: give autoScaleCopies a min of 0, or give this schedule min: 0, max: 0 to switch the component off until the next one [scaling/schedule-to-zero]',
    ],
  ])('%#: a fault of a schedule', (bounds, expected) => {
    const { copies } = scaled({ min: 1, max: 4, targetConcurrency: 1 });
    expect(() => copies.scaleOnSchedule('Night', { schedule: morning, ...bounds })).toThrow(expected);
  });

  test.each<[Omit<CopySchedule, 'schedule'>, string]>([
    [
      { min: 6 },
      'schedule "Night" min: must not be above the highest max at any time (4), got: 6; give the schedule a max, too [scaling/schedule-above-max]',
    ],
    [
      { max: 0 },
      'schedule "Night" max: must not be below the lowest min at any time (1), got: 0; give the schedule a min, too [scaling/schedule-below-min]',
    ],
  ])('%#: a schedule contradicts the bound that it leaves as it is', (bounds, expected) => {
    const { stack, copies } = scaled({ min: 1, max: 4, targetConcurrency: 1 });
    copies.scaleOnSchedule('Night', { schedule: morning, ...bounds });
    expect(() => Template.fromStack(stack)).toThrow(expected);
  });

  test('a schedule may count on the bound that another schedule sets', () => {
    const { stack, copies } = scaled({ min: 1, max: 4, targetConcurrency: 1 });
    copies.scaleOnSchedule('Busy', { schedule: morning, min: 6 });
    copies.scaleOnSchedule('Ready', { schedule: Schedule.cron({ hour: '6', minute: '0' }), max: 8 });
    expect(() => Template.fromStack(stack)).not.toThrow();
  });

  test('a schedule contradicts what the others set, too', () => {
    const { stack, copies } = scaled({ min: 0, max: 2, targetConcurrency: 1 });
    copies.scaleOnSchedule('Day', { schedule: morning, min: 5 });
    copies.scaleOnSchedule('Late', { schedule: Schedule.cron({ hour: '22', minute: '0' }), min: 0, max: 1 });
    expect(() => Template.fromStack(stack)).toThrow(
      'schedule "Day" min: must not be above the highest max at any time (2), got: 5; give the schedule a max, too',
    );
  });

  test('a schedule may switch the component off, but its id is its own', () => {
    const { copies } = scaled({ min: 1, max: 4, targetConcurrency: 1 });
    copies.scaleOnSchedule('Night', { schedule: morning, min: 0, max: 0 });
    expect(() => copies.scaleOnSchedule('Night', { schedule: morning, min: 1 })).toThrow(
      'schedule "Night" id: is taken by another schedule of the component [scaling/schedule-twice]',
    );
  });
});
