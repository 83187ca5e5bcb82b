import { App, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { z } from 'zod';
import { graph, model, tool } from '../../../core/graph';
import type { IComponent } from '../../../lib/component';
import { AgentDashboard } from '../../../lib/observability/agent-dashboard';
import { TestAgent, type TestAgentOptions } from '../agent/agent-api-agent';
import { emittedBy, FUNCTION_NAME, keyOf } from './emitted';

interface Widget {
  readonly type: string;
  readonly title?: string;
  /** Each line of the graph. */
  readonly lines: readonly Line[];
  readonly annotations: readonly { readonly value: number; readonly label: string }[];
}

interface Line {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly stat?: string;
  readonly label?: string;
}

function widgetsOf(options: TestAgentOptions = {}): Widget[] {
  const app = new App({ context: { '@aws-cdk/core:validateAgainstDefaultRules': true } });
  const stack = new Stack(app, 'Test', { env: { account: '111122223333', region: 'us-east-1' } });
  const { dashboard } = new AgentDashboard(stack, 'Dashboard', { agent: new TestAgent(stack, 'support', options) });
  expect(dashboard.node.path).toBe('Test/Dashboard/Resource');
  const [resource] = Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Dashboard'));
  return JSON.parse(deployed(resource!.Properties.DashboardBody)).widgets.map(({ type, properties }: any) => ({
    type,
    title: properties.title,
    lines: (properties.metrics ?? []).map(lineOf),
    annotations: properties.annotations?.horizontal ?? [],
  }));
}

/** The body once its references are known: the Region and the function. */
const deployed = (body: { readonly 'Fn::Join': readonly [string, readonly (string | { readonly Ref: string })[]] }) =>
  body['Fn::Join'][1]
    .map((part) => (typeof part === 'string' ? part : part.Ref === 'AWS::Region' ? 'us-east-1' : FUNCTION_NAME))
    .join('');

/** A line is written as namespace, name, dimensions in pairs, and options. */
function lineOf(metric: any[]): Line {
  const options = typeof metric.at(-1) === 'object' ? metric.at(-1) : {};
  const [namespace, name, ...pairs] = metric.filter((part): part is string => typeof part === 'string');
  const dimensions = Object.fromEntries(pairs.flatMap((key, i) => (i % 2 === 0 ? [[key, pairs[i + 1]!]] : [])));
  return { namespace: namespace!, name: name!, dimensions, stat: options.stat, label: options.label };
}

const titled = (widgets: readonly Widget[], title: string) => widgets.find((widget) => widget.title === title)!.lines;
const shown = (lines: readonly Line[]) => lines.map(({ name, stat, label }) => [name, stat, label]);

const copies = (metricName: string) =>
  new Metric({ namespace: 'Copies', metricName, dimensionsMap: { of: 'planner' } });
const planner: IComponent = {
  bind: () => ({ type: 'lambda', functionName: 'planner' }),
  capacityMetrics: {
    copiesDesired: copies('Desired'),
    copiesInService: copies('InService'),
    noCapacityFailures: copies('Refused'),
  },
};
const search: IComponent = { bind: () => ({ type: 'lambda', functionName: 'search' }) };

describe('a dashboard', () => {
  const widgets = widgetsOf({
    components: { planner, search },
    objective: { p95: Duration.seconds(8) },
  });

  test('shows nothing that the runtime does not publish', () => {
    const emitted = [...emittedBy('support').keys()];
    const own = widgets.flatMap(({ lines }) => lines).filter(({ namespace }) => namespace === 'CompoundInference');
    expect(own.length).toBeGreaterThan(30);
    for (const { namespace, name, dimensions } of own) expect(emitted).toContain(keyOf(namespace, name, dimensions));
  });

  test('shows how long calls are worked on and what they cost, by the nodes that make any', () => {
    expect(shown(titled(widgets, 'Work of a call by node, P95'))).toEqual([
      ['CallService', 'p95', 'plan'],
      ['CallService', 'p95', 'facts'],
    ]);
    expect(shown(titled(widgets, 'Cost by node, all runs'))).toEqual([
      ['NodeCost', 'Sum', 'plan'],
      ['NodeCost', 'Sum', 'facts'],
    ]);
  });

  test('shows the latency of runs in percentiles, and the objective', () => {
    expect(shown(titled(widgets, 'Latency of runs'))).toEqual([
      ['RunLatency', 'p50', 'P50'],
      ['RunLatency', 'p95', 'P95'],
      ['RunLatency', 'p99', 'P99'],
    ]);
    expect(widgets.flatMap(({ annotations }) => annotations)).toMatchObject([
      { value: 8000, label: 'objective for P95' },
    ]);
  });

  test.each([
    ['P50 by node', 'p50'],
    ['P95 by node', 'p95'],
    ['P99 by node', 'p99'],
  ])('shows %s', (title, stat) => {
    expect(shown(titled(widgets, title))).toEqual([
      ['NodeLatency', stat, 'plan'],
      ['NodeLatency', stat, 'facts'],
      ['NodeLatency', stat, 'answer'],
    ]);
  });

  test('shows errors by kind, beside the runs', () => {
    expect(shown(titled(widgets, 'Runs, and errors by kind'))).toEqual([
      ...['retryable', 'throttled', 'not-ready', 'invalid', 'failed', 'timed-out', 'over-budget'].map((kind) => [
        'RunErrors',
        'Sum',
        kind,
      ]),
      ['CancelledRuns', 'Sum', 'cancelled by callers'],
      ['RunErrors', 'SampleCount', 'runs'],
    ]);
  });

  test('shows what a run costs, and all of them', () => {
    expect(shown(titled(widgets, 'Cost of a run'))).toEqual([
      ['RunCost', undefined, 'average'],
      ['RunCost', 'p95', 'P95'],
      ['RunCost', 'Sum', 'all runs'],
    ]);
  });

  test('shows what decides the latency: the share of each node, and the overheads', () => {
    expect(shown(titled(widgets, 'Share of the critical path, on average'))).toEqual([
      ['CriticalPathShare', undefined, 'plan'],
      ['CriticalPathShare', undefined, 'facts'],
      ['CriticalPathShare', undefined, 'answer'],
    ]);
    expect(shown(titled(widgets, 'Overhead of fan-outs and of the engine, P95'))).toEqual([
      ['FanOutOverhead', 'p95', 'facts'],
      ['RunOverhead', 'p95', '(engine)'],
    ]);
  });

  test('shows cold starts, cascades and the waiting room of the nodes that call', () => {
    expect(shown(titled(widgets, 'Cold starts by node'))).toEqual([
      ['ColdStarts', 'Sum', 'plan'],
      ['ColdStarts', 'Sum', 'facts'],
    ]);
    expect(shown(titled(widgets, 'Cold starts one after another in a run'))).toEqual([
      ['CascadeDepth', 'Maximum', 'most'],
      ['CascadeDepth', undefined, 'average'],
    ]);
    expect(shown(titled(widgets, 'Waiting room by node, P95'))).toEqual([
      ['WaitingRoomTime', 'p95', 'plan'],
      ['WaitingRoomTime', 'p95', 'facts'],
    ]);
  });

  test('shows the copies of each component that has a capacity', () => {
    expect(titled(widgets, 'Copies of planner').map(({ name }) => name)).toEqual(['Desired', 'InService', 'Refused']);
    expect(widgets.map(({ title }) => title)).not.toContain('Copies of search');
  });
});

test('an agent of functions alone has neither cold starts nor copies', () => {
  const plain = graph('plain', { input: z.object({}) })
    .compute('n', [], () => 1)
    .output(['n'], ({ n }) => n);
  const titles = widgetsOf({ graph: plain }).map(({ title }) => title);
  expect(titles).toContain('P95 by node');
  expect(titles.filter((title) => /cold|waiting|copies/i.test(title ?? ''))).toEqual([]);
});

test('planner and tools of a plan have lines of their own', () => {
  const io = { input: z.object({}), output: z.any() };
  const planned = graph('support', { input: z.object({}) })
    .plan('work', { call: model('planner'), tools: [tool('search', io)], input: () => 'Find out.' })
    .output(['work'], ({ work }) => work.output);
  const lines = titled(widgetsOf({ graph: planned }), 'Work of a call of a plan by component, P95');
  expect(shown(lines)).toEqual([
    ['CallService', 'p95', 'work planner'],
    ['CallService', 'p95', 'work search'],
  ]);
  expect(lines[1]!.dimensions).toMatchObject({ node: 'work', component: 'search' });
});
