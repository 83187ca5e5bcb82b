import { App, CfnParameter, Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { IComponent } from '../../../lib/component';
import { AgentAlarms, type AgentAlarmsOptions } from '../../../lib/observability/agent-alarms';
import { TestAgent, type TestAgentOptions } from '../agent/agent-api-agent';
import { emittedBy, keyOf } from './emitted';

const planner: IComponent = {
  bind: () => ({ type: 'lambda', functionName: 'planner' }),
  capacityMetrics: {
    noCapacityFailures: new Metric({
      namespace: 'AWS/SageMaker',
      metricName: 'NoCapacityInvocationFailures',
      dimensionsMap: { InferenceComponentName: 'planner' },
      statistic: 'Sum',
      period: Duration.minutes(1),
    }),
  },
};
const search: IComponent = { bind: () => ({ type: 'lambda', functionName: 'search' }) };

const newStack = () => new Stack(new App({ context: { '@aws-cdk/core:validateAgainstDefaultRules': true } }), 'Test');

function alarmsOf(stack: Stack, agent: TestAgentOptions = {}, options: AgentAlarmsOptions = {}): AgentAlarms {
  return new AgentAlarms(stack, 'Alarms', { agent: new TestAgent(stack, 'support', agent), ...options });
}

describe('alarms', () => {
  const stack = newStack();
  const alarms = alarmsOf(
    stack,
    { components: { planner, search }, objective: { p95: Duration.seconds(8) } },
    { actions: [new SnsAction(new Topic(stack, 'Topic'))] },
  );
  const template = Template.fromStack(stack);
  const ofAgent = [
    { Name: 'agent', Value: 'support' },
    { Name: 'function', Value: { Ref: Match.stringLikeRegexp('^supportFunction') } },
    { Name: 'service', Value: 'orchestrator' },
  ];
  const latencyOf = (Stat: string) => ({
    Metric: { Namespace: 'CompoundInference', MetricName: 'RunLatency', Dimensions: ofAgent },
    Period: 300,
    Stat,
  });

  test('watch P95 against the objective, in milliseconds', () => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Metrics: [
        Match.objectLike({ Expression: 'IF(count >= 20, p95, 0)' }),
        { Id: 'p95', MetricStat: latencyOf('p95'), ReturnData: false },
        { Id: 'count', MetricStat: latencyOf('SampleCount'), ReturnData: false },
      ],
      Threshold: 8000,
      ComparisonOperator: 'GreaterThanThreshold',
      EvaluationPeriods: 3,
      EvaluateLowSampleCountPercentile: Match.absent(),
    });
  });

  test('watch the part of the runs that fail', () => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'RunErrors',
      Dimensions: ofAgent,
      Statistic: 'Average',
      Threshold: 0.05,
      ComparisonOperator: 'GreaterThanThreshold',
      EvaluationPeriods: 3,
      DatapointsToAlarm: 2,
    });
  });

  test.each(['Errors', 'Throttles'])('watch %s of the function', (MetricName) => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'AWS/Lambda',
      MetricName,
      Statistic: 'Sum',
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      EvaluationPeriods: 1,
    });
  });

  test('watch components that stay without a copy for longer than a cold start', () => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      EvaluationPeriods: 3,
      Threshold: 1,
      MetricName: 'NoCapacityInvocationFailures',
      Statistic: 'Sum',
      Period: 300,
    });
    expect(Object.keys(alarms.noCapacity)).toEqual(['planner']);
  });

  test('all act, and none for want of data', () => {
    template.resourceCountIs('AWS::CloudWatch::Alarm', 5);
    template.allResourcesProperties('AWS::CloudWatch::Alarm', {
      TreatMissingData: 'notBreaching',
      AlarmActions: [Match.anyValue()],
    });
  });

  test('of the agent watch what the runtime publishes', () => {
    const emitted = [...emittedBy('support').keys()];
    const own = Object.values(template.findResources('AWS::CloudWatch::Alarm'))
      .flatMap(({ Properties }) => [
        Properties,
        ...(Properties.Metrics ?? []).map(({ MetricStat }: any) => MetricStat?.Metric ?? {}),
      ])
      .filter(({ Namespace }) => Namespace === 'CompoundInference');
    expect(own).toHaveLength(3);
    for (const { Namespace, MetricName, Dimensions } of own) {
      const dimensions = Object.fromEntries(Dimensions.map(({ Name, Value }: any) => [Name, Value]));
      expect(emitted).toContain(keyOf(Namespace, MetricName, dimensions));
    }
  });
});

test('without an objective, capacity or actions there are fewer, and they only show', () => {
  const stack = newStack();
  const alarms = alarmsOf(stack, { components: { search } });
  expect(alarms.latency).toBeUndefined();
  expect(alarms.noCapacity).toEqual({});
  const template = Template.fromStack(stack);
  template.resourceCountIs('AWS::CloudWatch::Alarm', 3);
  template.allResourcesProperties('AWS::CloudWatch::Alarm', { AlarmActions: Match.absent() });
});

test.each([
  [0, 0],
  [1, 0.01],
])('%p percent of the runs may fail', (maxErrorPercent, Threshold) => {
  const stack = newStack();
  alarmsOf(stack, {}, { maxErrorPercent });
  Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName: 'RunErrors', Threshold });
});

test.each<[percent: number, shown: string]>([
  [-1, '-1'],
  [100, '100'],
  [250, '250'],
  [Number.NaN, 'NaN'],
  [new CfnParameter(newStack(), 'Percent', { type: 'Number' }).valueAsNumber, '(known at deployment)'],
])('%p percent are refused', (maxErrorPercent, shown) => {
  expect(() => alarmsOf(newStack(), {}, { maxErrorPercent })).toThrow(
    `maxErrorPercent: must be a number from 0 to below 100 that is known at synthesis, got: ${shown} [alarms/bad-error-percent]`,
  );
});
