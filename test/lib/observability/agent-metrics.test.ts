import { App, Duration, Stack } from 'aws-cdk-lib';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { z } from 'zod';
import { graph, model, tool } from '../../../core/graph';
import { ADMISSION_METRICS, NODE_METRICS, RUN_METRICS, WARMING_METRICS } from '../../../core/telemetry/metrics';
import { publishMetrics } from '../../../lambda/telemetry/metrics';
import { AgentMetrics } from '../../../lib/observability/agent-metrics';
import { nodeOf, recordOf } from '../../lambda/telemetry/record';
import { agentGraph, TestAgent } from '../agent/agent-api-agent';
import { emittedBy, emittedOf, keyOf } from './emitted';

const stack = new Stack(new App(), 'Test');
const metrics = new AgentMetrics(new TestAgent(stack, 'support'));
const emitted = emittedBy('support');

const published: [name: string, Metric, statistic: string, unit: string][] = [
  ['RunLatency', metrics.metricLatency(), 'p95', 'Milliseconds'],
  ['RunOverhead', metrics.metricOverhead(), 'p95', 'Milliseconds'],
  ['CascadeDepth', metrics.metricCascadeDepth(), 'Maximum', 'Count'],
  ['RunCost', metrics.metricCost(), 'Average', 'None'],
  ['RunCopyTime', metrics.metricCopyTime(), 'Average', 'Seconds'],
  ['RunErrors', metrics.metricRuns(), 'SampleCount', 'Count'],
  ['RunErrors', metrics.metricErrors(), 'Sum', 'Count'],
  ['RunErrors', metrics.metricErrorRate(), 'Average', 'Count'],
  ['RunErrors', metrics.metricErrorsOfKind('throttled'), 'Sum', 'Count'],
  ['CancelledRuns', metrics.metricCancelledRuns(), 'Sum', 'Count'],
  ['TimeToFirstText', metrics.metricTimeToFirstText(), 'p95', 'Milliseconds'],
  ['RefusedRequests', metrics.metricRefusedRequests(), 'Sum', 'Count'],
  ['UncheckedRequests', metrics.metricUncheckedRequests(), 'Sum', 'Count'],
  ['NodeLatency', metrics.metricNodeLatency('plan'), 'p95', 'Milliseconds'],
  ['NodeErrors', metrics.metricNodeErrors('plan'), 'Sum', 'Count'],
  ['CriticalPathShare', metrics.metricCriticalPathShare('answer'), 'Average', 'Percent'],
  ['FanOutOverhead', metrics.metricFanOutOverhead('facts'), 'p95', 'Milliseconds'],
  ['CallService', metrics.metricCallService('facts'), 'p95', 'Milliseconds'],
  ['NodeCost', metrics.metricNodeCost('facts'), 'Sum', 'None'],
  ['NodeInputTokens', metrics.metricNodeInputTokens('plan'), 'Sum', 'Count'],
  ['NodeOutputTokens', metrics.metricNodeOutputTokens('plan'), 'Sum', 'Count'],
  ['ColdStarts', metrics.metricColdStarts('facts'), 'Sum', 'Count'],
  ['WaitingRoomTime', metrics.metricWaitingRoomTime('plan'), 'p95', 'Milliseconds'],
  ['NodeAttempts', metrics.metricNodeAttempts('plan'), 'Sum', 'Count'],
  ['Hedges', metrics.metricHedges('facts'), 'Sum', 'Count'],
  ['Spillovers', metrics.metricSpillovers('facts'), 'Sum', 'Count'],
  ['ReusedAnswers', metrics.metricReusedAnswers('facts'), 'Sum', 'Count'],
  ['CallLatency', metrics.metricCallLatency('plan'), 'p95', 'Milliseconds'],
  ['CallWait', metrics.metricCallWait('plan'), 'p95', 'Milliseconds'],
  ['CallErrors', metrics.metricCallErrors('plan'), 'Sum', 'Count'],
];

test.each(published)('%s is published as it is read', (name, metric, statistic, unit) => {
  expect(metric.metricName).toBe(name);
  expect(metric.statistic).toBe(statistic);
  expect(emitted.get(keyOf(metric.namespace, name, metric.dimensions!))).toBe(unit);
});

test('there is every metric that has a name', () => {
  const ofWarming = [metrics.metricWarmingSavedTime(), metrics.metricWarmUpRequests(), metrics.metricWarmingFailures()];
  const names = [
    ...published.map(([, { metricName }]) => metricName),
    ...ofWarming.map(({ metricName }) => metricName),
  ];
  const tables = { ...RUN_METRICS, ...NODE_METRICS, ...WARMING_METRICS, ...ADMISSION_METRICS };
  expect(new Set(names)).toEqual(new Set(Object.keys(tables)));
});

test('every metric that has a name is published, in its unit', () => {
  const units = new Map([...emitted].map(([key, unit]) => [key.split(' ')[1], unit]));
  expect(Object.fromEntries(units)).toEqual({ ...RUN_METRICS, ...NODE_METRICS, ...ADMISSION_METRICS });
});

test('two deployments of one graph have metrics of their own', () => {
  const graph = agentGraph('support');
  const [staging, production] = ['Staging', 'Production'].map((id) => new TestAgent(stack, id, { graph }));
  const dimensionsOf = (agent: TestAgent) => stack.resolve(new AgentMetrics(agent).metricLatency().dimensions);
  expect(dimensionsOf(staging!)).toEqual({
    service: 'orchestrator',
    agent: 'support',
    function: stack.resolve(staging!.function.functionName),
  });
  expect(dimensionsOf(staging!)).not.toEqual(dimensionsOf(production!));
});

test('statistic, period and label can be chosen', () => {
  const metric = metrics.metricNodeLatency('plan', {
    statistic: 'p99',
    period: Duration.minutes(1),
    label: 'planning',
  });
  expect(metric).toMatchObject({ statistic: 'p99', label: 'planning' });
  expect(metric.period.toSeconds()).toBe(60);
});

test('a node that the graph does not have is refused', () => {
  expect(() => metrics.metricNodeLatency('plam')).toThrow(
    'node: the graph has no node "plam"; its nodes are: plan, facts, answer [metrics/unknown-node]',
  );
});

describe('of a plan', () => {
  const io = { input: z.object({}), output: z.any() };
  const planned = graph('planned', { input: z.object({}) })
    .plan('work', { call: model('planner'), tools: [tool('search', io)], input: () => 'Find out.' })
    .compute('sum', ['work'], () => 1)
    .output(['sum'], ({ sum }) => sum);
  const ofPlan = new AgentMetrics(new TestAgent(stack, 'planned', { graph: planned }));

  test.each(['CallLatency', 'CallWait', 'CallService', 'WaitingRoomTime', 'CallErrors', 'ColdStarts'] as const)(
    '%s is published by component, as it is read',
    (name) => {
      const metric = ofPlan[`metric${name}`]('work', { component: 'search', period: Duration.minutes(1) });
      expect(metric).toMatchObject({
        metricName: name,
        label: 'work search',
        statistic: metrics[`metric${name}`]('plan').statistic,
      });
      expect(metric.period.toSeconds()).toBe(60);
      const nodes = { work: nodeOf({ component: 'planner' }), 'work/t1': nodeOf({ component: 'search' }) };
      const published = emittedOf(() => publishMetrics(recordOf({ graph: 'planned', nodes })));
      expect([...published.keys()]).toContain(keyOf(metric.namespace, name, metric.dimensions!));
    },
  );

  test('a component that it does not call is refused, as is one of another node', () => {
    expect(() => ofPlan.metricCallLatency('work', { component: 'serach' })).toThrow(
      'component: no plan "work" calls "serach": it calls planner, search [metrics/unknown-component]',
    );
    expect(() => metrics.metricCallLatency('plan', { component: 'planner' })).toThrow(
      'component: no plan "plan" calls "planner": leave it out, as the node is no plan [metrics/unknown-component]',
    );
  });
});
