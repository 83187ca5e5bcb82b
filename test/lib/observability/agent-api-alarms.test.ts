import { App, Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { AgentApi } from '../../../lib/agent/agent-api';
import { TestAgent } from '../agent/agent-api-agent';

/** An API of agents with these objectives, in seconds. */
function apiOf(...objectives: readonly (number | undefined)[]): { stack: Stack; api: AgentApi } {
  const stack = new Stack(new App({ context: { '@aws-cdk/core:validateAgainstDefaultRules': true } }), 'Test');
  const agents = objectives.map((p95, i) => {
    const objective = p95 === undefined ? {} : { objective: { p95: Duration.seconds(p95) } };
    return new TestAgent(stack, `agent${i}`, objective);
  });
  return { stack, api: new AgentApi(stack, 'Api', { agents }) };
}

describe('alarms of an API', () => {
  const { stack, api } = apiOf(8, 20);
  api.alarms({ actions: [new SnsAction(new Topic(stack, 'Topic'))], maxErrorPercent: 1 });
  const template = Template.fromStack(stack);
  const ofStage = [
    { Name: 'ApiName', Value: 'Test-Api' },
    { Name: 'Stage', Value: Match.anyValue() },
  ];
  const latencyOf = (Stat: string) => ({
    Metric: { Namespace: 'AWS/ApiGateway', MetricName: 'Latency', Dimensions: ofStage },
    Period: 300,
    Stat,
  });

  test('watch what callers wait against the longest objective, in milliseconds', () => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Metrics: [
        Match.objectLike({ Expression: 'IF(count >= 20, p95, 0)' }),
        { Id: 'p95', MetricStat: latencyOf('p95'), ReturnData: false },
        { Id: 'count', MetricStat: latencyOf('SampleCount'), ReturnData: false },
      ],
      Threshold: 20_000,
      ComparisonOperator: 'GreaterThanThreshold',
      EvaluationPeriods: 3,
    });
  });

  test('watch the part of the requests that fail', () => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'AWS/ApiGateway',
      MetricName: '5XXError',
      Dimensions: ofStage,
      Statistic: 'Average',
      Threshold: 0.01,
      ComparisonOperator: 'GreaterThanThreshold',
      EvaluationPeriods: 3,
      DatapointsToAlarm: 2,
    });
  });

  test('all act, and none for want of data', () => {
    template.resourceCountIs('AWS::CloudWatch::Alarm', 2);
    template.allResourcesProperties('AWS::CloudWatch::Alarm', {
      TreatMissingData: 'notBreaching',
      AlarmActions: [Match.anyValue()],
    });
  });
});

test('with an agent that has no objective only errors are watched', () => {
  const { stack, api } = apiOf(8, undefined);
  expect(api.alarms().latency).toBeUndefined();
  Template.fromStack(stack).resourceCountIs('AWS::CloudWatch::Alarm', 1);
});

test('a percent out of range is refused', () => {
  expect(() => apiOf(8).api.alarms({ maxErrorPercent: 100 })).toThrow(
    'maxErrorPercent: must be a number from 0 to below 100 that is known at synthesis, got: 100 [alarms/bad-error-percent]',
  );
});
