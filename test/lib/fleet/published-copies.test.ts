import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { COPY_DIMENSION, COPY_METRICS, METRICS_NAMESPACE } from '../../../core/telemetry/metrics';
import { AgentDashboard, InferenceComponent } from '../../../lib';
import { TestAgent } from '../agent/agent-api-agent';

function world() {
  const stack = new Stack(new App(), 'Test');
  const planner = InferenceComponent.fromInferenceComponentAttributes(stack, 'Planner', {
    inferenceComponentName: 'planner',
    endpointName: 'gpu',
  }) as InferenceComponent;
  const agent = new TestAgent(stack, 'support', { components: { planner } });
  new AgentDashboard(stack, 'Dashboard', { agent });
  return { stack, planner };
}

/** Lines of the graph of the copies. */
function copiesShownIn(stack: Stack): any[] {
  const [dashboard] = Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Dashboard'));
  const { DashboardBody } = dashboard!.Properties;
  const [, parts] = DashboardBody['Fn::Join'] ?? ['', [DashboardBody]];
  const { widgets } = JSON.parse(parts.map((part: unknown) => (typeof part === 'string' ? part : 'token')).join(''));
  return widgets.find((widget: any) => widget.properties.title === 'Copies of planner').properties.metrics;
}

test('a component that nobody looks at shows the copies that served calls', () => {
  const { stack } = world();
  const lines = copiesShownIn(stack);
  expect(lines[0]).toEqual([expect.objectContaining({ expression: 'calls / callsPerCopy' })]);
  expect(JSON.stringify(lines)).not.toContain(METRICS_NAMESPACE);
});

test('one that a warmer or a tuner looks at shows copies desired and in service, on dashboards made before as well', () => {
  const { stack, planner } = world();
  planner.showPublishedCopies();
  const lines = copiesShownIn(stack);
  expect(lines.map((line) => line.slice(0, 4))).toEqual([
    ...['CopiesDesired', 'CopiesInService'].map((name) => [METRICS_NAMESPACE, name, COPY_DIMENSION, 'planner']),
    ['AWS/SageMaker', 'NoCapacityInvocationFailures', 'InferenceComponentName', 'planner'],
  ]);
});

test('the metrics are those that are published, read so that two publishers do not add up', () => {
  const { planner } = world();
  const metrics = [planner.metricCopiesDesired(), planner.metricCopiesInService()];
  expect(metrics.map(({ metricName }) => metricName)).toEqual(Object.keys(COPY_METRICS));
  for (const metric of metrics) {
    expect(metric).toMatchObject({ namespace: METRICS_NAMESPACE, statistic: 'Maximum' });
    expect(metric.period.toSeconds()).toBe(60);
    expect(metric.dimensions).toEqual({ InferenceComponentName: 'planner' });
  }
  expect(planner.metricCopiesDesired({ statistic: 'Minimum' }).statistic).toBe('Minimum');
});
