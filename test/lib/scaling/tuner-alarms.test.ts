import { Duration } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { WarmingWorld } from '../warming/warming-world';

const newWorld = () => new WarmingWorld({ objective: { p95: Duration.seconds(8) } });

describe('alarms', () => {
  const world = newWorld();
  const tuner = world.agent.tune();
  const alarms = tuner.alarms({ actions: [new SnsAction(new Topic(world.stack, 'Topic'))] });
  const template = Template.fromStack(world.stack);

  test.each([
    ['fast', 3600, 300, 14.4],
    ['slow', 21_600, 1800, 6],
  ])('on a %s burn look at a long and a short window', (_, longSeconds, shortSeconds, threshold) => {
    const over = (seconds: number, minRuns: number) =>
      template.hasResourceProperties('AWS::CloudWatch::Alarm', {
        Threshold: threshold,
        Metrics: [
          Match.objectLike({ Expression: `IF(count >= ${minRuns}, (100 - fast) / 5, 0)` }),
          Match.objectLike({ Id: 'fast', MetricStat: Match.objectLike({ Stat: 'PR(:8000)', Period: seconds }) }),
          Match.objectLike({ Id: 'count', MetricStat: Match.objectLike({ Stat: 'SampleCount', Period: seconds }) }),
        ],
        AlarmActions: Match.absent(),
      });
    over(longSeconds, 20);
    over(shortSeconds, 1);
  });

  test('on a burn tell when both windows do', () => {
    template.resourceCountIs('AWS::CloudWatch::CompositeAlarm', 2);
    template.allResourcesProperties('AWS::CloudWatch::CompositeAlarm', {
      AlarmRule: { 'Fn::Join': ['', Match.arrayWith([Match.stringLikeRegexp(' AND ')])] },
      AlarmActions: [Match.anyValue()],
    });
    expect(Object.keys(alarms.fastBurn)).toEqual(['support']);
  });

  test('on saturation compare the copies in service with the most there may be', () => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Metrics: [
        Match.objectLike({
          MetricStat: Match.objectLike({ Metric: Match.objectLike({ MetricName: 'CopiesInService' }) }),
        }),
      ],
      Threshold: 5.5,
      ComparisonOperator: 'GreaterThanThreshold',
      EvaluationPeriods: 15,
    });
    expect(Object.keys(alarms.saturation)).toEqual(['planner']);
  });

  test.each([
    ['FrozenComponents', 24],
    ['FlappingComponents', 1],
    ['BlindComponents', 3],
    ['SwitchedOff', 1],
  ])('watch %s', (MetricName, EvaluationPeriods) => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName,
      EvaluationPeriods,
      Dimensions: [
        { Name: 'function', Value: { Ref: Match.stringLikeRegexp('TunerFunction') } },
        { Name: 'service', Value: 'tuner' },
      ],
    });
  });

  test('tell when nothing calls the tuner any more', () => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'Invocations',
      TreatMissingData: 'breaching',
    });
  });

  test('are made once', () => {
    expect(() => tuner.alarms()).toThrow(/tuner\/alarms-twice/);
  });
});

test('a dashboard shows the burn rate, the load of copies and what the tuner does', () => {
  const world = newWorld();
  world.agent.tune().addToDashboard(world.agent.dashboard().dashboard);
  const [dashboard] = Object.values(Template.fromStack(world.stack).findResources('AWS::CloudWatch::Dashboard'));
  const body = JSON.stringify(dashboard!.Properties.DashboardBody);
  for (const part of ['PR(:8000)', 'ConcurrentRequestsPerCopy', 'Changes', 'FrozenComponents'])
    expect(body).toContain(part);
});
