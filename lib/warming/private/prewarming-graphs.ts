import { type IWidget, TextWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { AgentMetrics } from '../../observability/agent-metrics';
import { COUNT, graph, MILLISECONDS, PERCENT, ROW_WIDTH } from '../../observability/private/widgets';
import type { Prewarming } from '../prewarming';

/** What warming does, what it saves and what it uses of its budget: two rows of a dashboard. */
export function prewarmingGraphs({ agents, metrics, function: warmer, failedEvents }: Prewarming): IWidget[][] {
  const ofAgents = agents.map((agent) => ({ label: agent.graph.name, of: new AgentMetrics(agent) }));
  return [
    [new TextWidget({ markdown: '## Pre-warming', width: ROW_WIDTH, height: 1 })],
    [
      graph('Components held warm, and starts', {
        left: [metrics.metricHeldComponents({ label: 'held' })],
        leftYAxis: COUNT,
        right: [metrics.metricWarmUps({ label: 'starts' })],
        rightYAxis: COUNT,
      }),
      graph('Time that runs did not have to wait, on average', {
        left: ofAgents.map(({ label, of }) => of.metricWarmingSavedTime({ label })),
        leftYAxis: MILLISECONDS,
      }),
      graph('Monthly budget used', {
        left: [metrics.metricBudgetUsed({ label: 'used' })],
        leftYAxis: PERCENT,
      }),
      graph('What went wrong', {
        left: [
          warmer.metricErrors({ label: 'warmer' }),
          failedEvents.metricApproximateNumberOfMessagesVisible({ label: 'events kept' }),
          metrics.metricUnrestored({ label: 'not restored' }),
          metrics.metricSwitchedOff({ label: 'switched off' }),
          ...ofAgents.map(({ label, of }) => of.metricWarmingFailures({ label: `agent ${label}` })),
        ],
        leftYAxis: COUNT,
      }),
    ],
  ];
}
