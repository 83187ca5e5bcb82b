import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { z } from 'zod';
import { graph, model, tool } from '../../../core/graph';
import { Agent } from '../../../lib/agent/agent';
import { InferenceComponent } from '../../../lib/fleet/inference-component';
import { AgentDashboard } from '../../../lib/observability/agent-dashboard';
import { NODES_BY_NAME } from '../../../lib/observability/private/node-lines';
import { TestAgent } from '../agent/agent-api-agent';

/** As long as names of nodes and components can be. */
const nameOf = (index: number) => `productionsupportagents-sharedgpufleet-${index}-`.padEnd(63, 'x');

/** An agent that calls so many models at once, with a dashboard and alarms. */
function wideStack(models: number): Stack {
  const stack = new Stack(new App(), 'Wide');
  const names = Array.from({ length: models }, (_, index) => nameOf(index));
  let wide: any = graph('wide', { input: z.object({}) });
  for (const name of names) wide = wide.node(name, [], { call: model(name), input: () => 'Go on' });
  const components = names.map((name) => {
    const attributes = { inferenceComponentName: name, endpointName: 'shared-gpus' };
    return [name, InferenceComponent.fromInferenceComponentAttributes(stack, name, attributes)];
  });
  const agent = new Agent(stack, 'Agent', {
    graph: wide.output(names, () => 'done'),
    components: Object.fromEntries(components),
    code: Code.fromInline('exports.handler = () => {};'),
  });
  agent.dashboard();
  agent.alarms();
  return stack;
}

const templateOf = (stack: Stack) => Template.fromStack(stack).toJSON();

const dashboardOf = (template: any): any => {
  const { DashboardBody } = Object.values<any>(template.Resources).find(
    ({ Type }) => Type === 'AWS::CloudWatch::Dashboard',
  ).Properties;
  const [, parts] = DashboardBody['Fn::Join'];
  return JSON.parse(parts.map((part: any) => (typeof part === 'string' ? part : 'late')).join(''));
};

const linesOf = (dashboard: any, title: string) =>
  dashboard.widgets.find(({ properties }: any) => properties.title === title).properties.metrics;

describe('an agent of 200 models with a dashboard and alarms', () => {
  const template = templateOf(wideStack(200));
  const dashboard = dashboardOf(template);

  // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
  test('has a template that CloudFormation takes', () => {
    expect(Buffer.byteLength(JSON.stringify(template, undefined, 1))).toBeLessThan(1_000_000);
  });

  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html
  test('has a dashboard that CloudWatch takes', () => {
    const metrics = dashboard.widgets.map(({ properties }: any) => properties.metrics?.length ?? 0);
    expect(metrics.length).toBeLessThanOrEqual(500);
    expect(Math.max(...metrics)).toBeLessThanOrEqual(500);
    expect(metrics.reduce((sum: number, count: number) => sum + count)).toBeLessThanOrEqual(2_500);
  });

  test('finds what its nodes publish, under the names of the nodes', () => {
    expect(linesOf(dashboard, 'P95 by node')).toEqual([
      [
        {
          expression:
            `SEARCH('{CompoundInference,service,function,agent,node} ` +
            `MetricName="NodeLatency" service="orchestrator" function="late" agent="wide"', 'p95', 300)`,
          label: `\${PROP('Dim.node')}`,
        },
      ],
    ]);
    expect(linesOf(dashboard, 'Cold starts by node')[0][0].expression).toContain(`MetricName="ColdStarts"`);
  });
});

test('nodes are shown by name while they are few', () => {
  const lines = (models: number) => linesOf(dashboardOf(templateOf(wideStack(models))), 'P95 by node').length;
  expect([lines(NODES_BY_NAME), lines(NODES_BY_NAME + 1)]).toEqual([NODES_BY_NAME, 1]);
});

test('what many plans call is searched for, too', () => {
  const stack = new Stack(new App(), 'Planned');
  const tools = Array.from({ length: NODES_BY_NAME }, (_, i) =>
    tool(`tool${i}`, { input: z.object({}), output: z.any() }),
  );
  const planned = graph('planned', { input: z.object({}) })
    .plan('work', { call: model('planner'), tools, input: () => 'Find out.' })
    .output(['work'], ({ work }) => work.output);
  new AgentDashboard(stack, 'Dashboard', { agent: new TestAgent(stack, 'Agent', { graph: planned }) });
  expect(linesOf(dashboardOf(templateOf(stack)), 'Work of a call of a plan by component, P95')).toEqual([
    [
      expect.objectContaining({
        expression: expect.stringContaining('{CompoundInference,service,function,agent,node,component}'),
        label: `\${PROP('Dim.node')} \${PROP('Dim.component')}`,
      }),
    ],
  ]);
});
