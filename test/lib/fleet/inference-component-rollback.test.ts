import { Duration, type Stack } from 'aws-cdk-lib';
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
import { CopyBatch } from '../../../lib/fleet/rolling-update';
import { component, stackInRegion } from './component-world';

const rollingUpdate = { batch: CopyBatch.copies(1), bakeTime: Duration.minutes(5) };

const alarmOn = (stack: Stack, metric: IMetric, id = 'Alarm') =>
  new Alarm(stack, id, { metric, threshold: 5, evaluationPeriods: 1 });

const requests = new Metric({ namespace: 'Shop', metricName: 'FailedRequests' });

test('an update is rolled back by an alarm on the own errors of a named component', () => {
  const stack = stackInRegion();
  const writer = component(stack, { inferenceComponentName: 'writer', rollingUpdate });
  writer.rollBackOn(alarmOn(stack, writer.metricInvocation5XXErrors()));
  const template = Template.fromStack(stack);
  const [alarm] = Object.keys(template.findResources('AWS::CloudWatch::Alarm'));
  template.hasResourceProperties('AWS::SageMaker::InferenceComponent', {
    InferenceComponentName: 'writer',
    DeploymentConfig: { AutoRollbackConfiguration: { Alarms: [{ AlarmName: { Ref: alarm } }] } },
  });
  template.hasResourceProperties('AWS::CloudWatch::Alarm', {
    Dimensions: [{ Name: 'InferenceComponentName', Value: 'writer' }],
  });
});

test('alarms on other things need no name, and add up', () => {
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
    'rollBackOn: has an alarm (Test/Alarm) that needs Test/Writer/Resource, but must exist before the component: give the component ' +
    'an inferenceComponentName if the alarm is on its metrics, and use an alarm without actions on its scaling ' +
    '[component/rollback-alarm-cycle]';

  test.each<[string, (errors: IMetric) => IMetric]>([
    ['a metric', (errors) => errors],
    ['an expression', (errors) => new MathExpression({ expression: 'e * 2', usingMetrics: { e: errors } })],
  ])('the alarm is on %s of the component, whose name is not known before', (_, metricOf) => {
    const stack = stackInRegion();
    const writer = component(stack, { rollingUpdate });
    writer.rollBackOn(alarmOn(stack, metricOf(writer.metricInvocation5XXErrors())));
    expect(() => Template.fromStack(stack)).toThrow(CYCLE);
  });

  test('the alarm is made of one on the component', () => {
    const stack = stackInRegion();
    const writer = component(stack, { rollingUpdate });
    const errors = alarmOn(stack, writer.metricInvocation5XXErrors(), 'Errors');
    const alarmRule = AlarmRule.allOf(AlarmRule.fromAlarm(errors, AlarmState.ALARM), AlarmRule.fromBoolean(true));
    writer.rollBackOn(new CompositeAlarm(stack, 'Alarm', { alarmRule }));
    expect(() => Template.fromStack(stack)).toThrow(CYCLE);
  });

  test('the alarm starts copies of the component, which has a name', () => {
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
