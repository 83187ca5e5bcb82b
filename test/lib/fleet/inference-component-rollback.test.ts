import { Duration, NestedStack, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import {
  Alarm,
  AlarmRule,
  AlarmState,
  CompositeAlarm,
  type IMetric,
  MathExpression,
  Metric,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { InferenceComponent } from '../../../lib/fleet/inference-component';
import { CopyBatch } from '../../../lib/fleet/rolling-update';
import { component, stackInRegion } from './component-world';

const rollingUpdate = { batch: CopyBatch.copies(1), bakeTime: Duration.minutes(5) };

const alarmOn = (stack: Stack, metric: IMetric, id = 'Alarm') =>
  new Alarm(stack, id, { metric, threshold: 5, evaluationPeriods: 1 });

const requests = new Metric({ namespace: 'Shop', metricName: 'FailedRequests' });

test.each([undefined, 'writer'])(
  'an update is rolled back by an alarm on the own errors of a component (named %s)',
  (inferenceComponentName) => {
    const stack = stackInRegion();
    const writer = component(stack, { inferenceComponentName, rollingUpdate });
    writer.rollBackOn(alarmOn(stack, writer.metricInvocation5XXErrors()));
    const template = Template.fromStack(stack);
    const [alarm] = Object.entries(template.findResources('AWS::CloudWatch::Alarm'));
    const [resource] = Object.values(template.findResources('AWS::SageMaker::InferenceComponent'));
    expect(resource?.Properties.DeploymentConfig.AutoRollbackConfiguration.Alarms).toEqual([
      { AlarmName: { Ref: alarm![0] } },
    ]);
    expect(alarm![1].Properties.Dimensions).toEqual([
      { Name: 'InferenceComponentName', Value: resource?.Properties.InferenceComponentName },
    ]);
  },
);

test('alarms on several things add up', () => {
  const stack = stackInRegion();
  const writer = component(stack, { rollingUpdate });
  writer.rollBackOn(alarmOn(stack, requests, 'First'));
  writer.rollBackOn(alarmOn(stack, requests, 'Second'));
  const [resource] = Object.values(Template.fromStack(stack).findResources('AWS::SageMaker::InferenceComponent'));
  expect(resource?.Properties.DeploymentConfig.AutoRollbackConfiguration.Alarms).toHaveLength(2);
});

describe('faults', () => {
  test('there is no update to roll back', () => {
    const stack = stackInRegion();
    expect(() => component(stack).rollBackOn(alarmOn(stack, requests))).toThrow(
      'rollBackOn: needs the rollingUpdate that it rolls back: give the component one [component/rollback-without-update]',
    );
  });

  test('there are more alarms than the service takes', () => {
    const stack = stackInRegion();
    const alarms = [...Array(11).keys()].map((n) => alarmOn(stack, requests, `Alarm${n}`));
    expect(() => component(stack, { rollingUpdate }).rollBackOn(...alarms)).toThrow(
      'rollBackOn: must have at most 10 alarms: join some in a composite alarm, got: 11 [component/rollback-alarms]',
    );
  });

  const CYCLE =
    "needs Test/Writer/Resource, but must exist before the component: make it in the component's stack, on what component.metric() and " +
    'the like give, and without actions on its scaling [component/rollback-alarm-cycle]';

  const errorsByName = ({ inferenceComponentName }: InferenceComponent) =>
    new Metric({ namespace: 'Shop', metricName: 'FailedRequests', dimensionsMap: { Writer: inferenceComponentName } });

  test.each<[string, (errors: IMetric) => IMetric]>([
    ['a metric', (errors) => errors],
    ['an expression', (errors) => new MathExpression({ expression: 'e * 2', usingMetrics: { e: errors } })],
  ])('the alarm is on %s with the name that is read off the component', (_, metricOf) => {
    const stack = stackInRegion();
    const writer = component(stack, { rollingUpdate });
    writer.rollBackOn(alarmOn(stack, metricOf(errorsByName(writer))));
    expect(() => Template.fromStack(stack)).toThrow(`rollBackOn: has an alarm (Test/Alarm) that ${CYCLE}`);
  });

  test('the alarm is made of one on the name that is read off the component', () => {
    const stack = stackInRegion();
    const writer = component(stack, { rollingUpdate });
    const errors = alarmOn(stack, errorsByName(writer), 'Errors');
    const alarmRule = AlarmRule.allOf(AlarmRule.fromAlarm(errors, AlarmState.ALARM), AlarmRule.fromBoolean(true));
    writer.rollBackOn(new CompositeAlarm(stack, 'Alarm', { alarmRule }));
    expect(() => Template.fromStack(stack)).toThrow(CYCLE);
  });

  test('the alarm is in another stack than the component, whose name that stack reads off it', () => {
    const stack = stackInRegion();
    const writer = component(new NestedStack(stack, 'Writers'), { rollingUpdate });
    writer.rollBackOn(alarmOn(stack, writer.metricInvocation5XXErrors()));
    expect(() => Template.fromStack(stack)).toThrow("make it in the component's stack");
  });

  test('the alarm starts copies of the component', () => {
    const stack = stackInRegion();
    const writer = component(stack, { inferenceComponentName: 'writer', rollingUpdate });
    const copies = writer.autoScaleCopies({ min: 0, max: 2, targetConcurrency: 4 });
    writer.rollBackOn(copies.refusedCallsAlarm!);
    expect(() => Template.fromStack(stack)).toThrow(
      'has an alarm (Test/Writer/Scaling/FromZero/RefusedCalls) that needs Test/Writer/Scaling/FromZero/Start/Resource, but must exist',
    );
  });
});

test('alarms may be joined, and tell whom they like', () => {
  const stack = stackInRegion();
  const writer = component(stack, { inferenceComponentName: 'writer', rollingUpdate });
  const errors = alarmOn(stack, writer.metricInvocation5XXErrors());
  errors.addAlarmAction(new SnsAction(new Topic(stack, 'Topic')));
  writer.rollBackOn(new CompositeAlarm(stack, 'Both', { alarmRule: AlarmRule.fromAlarm(errors, AlarmState.ALARM) }));
  expect(() => Template.fromStack(stack)).not.toThrow();
});
