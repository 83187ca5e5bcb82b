import { Match, Template } from 'aws-cdk-lib/assertions';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Prewarming } from '../../../lib/warming/prewarming';
import { faultsOf } from '../support/faults-of';
import { WarmingWorld } from './warming-world';

function prewarming(): { readonly world: WarmingWorld; readonly prewarming: Prewarming } {
  const world = new WarmingWorld();
  const components = [{ component: world.writer, excluded: true }];
  const props = { agents: [world.agent], monthlyBudget: 300, components };
  return { world, prewarming: new Prewarming(world.stack, 'Prewarming', props) };
}

describe('alarms', () => {
  const { world, prewarming: watched } = prewarming();
  watched.alarms({ actions: [new SnsAction(new Topic(world.stack, 'Topic'))] });
  const template = Template.fromStack(world.stack);
  const ofWarmer = [
    { Name: 'function', Value: { Ref: Match.stringLikeRegexp('PrewarmingWarmerFunction') } },
    { Name: 'service', Value: 'warmer' },
  ];

  test.each([
    ['errors of the warmer', { MetricName: 'Errors', Namespace: 'AWS/Lambda', Threshold: 1 }],
    ['events that failed', { MetricName: 'ApproximateNumberOfMessagesVisible', Namespace: 'AWS/SQS', Threshold: 1 }],
    [
      'the budget',
      { MetricName: 'BudgetUsed', Threshold: 80, ComparisonOperator: 'GreaterThanThreshold', Dimensions: ofWarmer },
    ],
    ['the kill switch', { MetricName: 'SwitchedOff', Threshold: 1, EvaluationPeriods: 3, Dimensions: ofWarmer }],
    [
      'what is not restored',
      { MetricName: 'Unrestored', Statistic: 'Minimum', EvaluationPeriods: 3, Dimensions: ofWarmer },
    ],
  ])('watch %s', (_, properties) => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', { ...properties, AlarmActions: [Match.anyValue()] });
  });

  test('tell when nothing calls the warmer any more, of which there is no data', () => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'Invocations',
      ComparisonOperator: 'LessThanThreshold',
      TreatMissingData: 'breaching',
    });
  });

  test('are made once', () => {
    expect(() => watched.alarms()).toThrow(/prewarming\/alarms-twice/);
  });

  test.each([0, 101, Number.NaN])('refuse %p percent of a budget', (maxBudgetPercent) => {
    const rule = 'must be a number above 0, and at most 100, that is known at synthesis';
    const message = `${rule}, got: ${maxBudgetPercent}`;
    expect(faultsOf(() => prewarming().prewarming.alarms({ maxBudgetPercent }))).toEqual([
      { id: 'prewarming/bad-budget-percent', field: 'maxBudgetPercent', message },
    ]);
  });
});

test('a dashboard shows what is held, what it saves and what went wrong', () => {
  const { world, prewarming: shown } = prewarming();
  shown.addToDashboard(world.agent.dashboard().dashboard);
  const [dashboard] = Object.values(Template.fromStack(world.stack).findResources('AWS::CloudWatch::Dashboard'));
  const body = JSON.stringify(dashboard!.Properties.DashboardBody);
  for (const metric of [
    'HeldComponents',
    'WarmUps',
    'WarmingSavedTime',
    'BudgetUsed',
    'Unrestored',
    'WarmingFailures',
  ]) {
    expect(body).toContain(metric);
  }
});
