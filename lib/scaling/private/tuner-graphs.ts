import { type IWidget, TextWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { AgentMetrics } from '../../observability/agent-metrics';
import { burnRate, FAST_BURN, SLOW_BURN } from '../../observability/private/burn-rate';
import { COUNT, graph, ROW_WIDTH } from '../../observability/private/widgets';
import type { PolicyTuner } from '../policy-tuner';

/** How objectives are met, how busy copies are, and what the tuner does about it: rows of a dashboard. */
export function tunerGraphs({ agents, components, metrics, function: tuner, failedEvents }: PolicyTuner): IWidget[][] {
  const scaled = Object.entries(components);
  const burn = agents.map((agent) =>
    burnRate(new AgentMetrics(agent).metricLatency(), agent.objective!.p95.toMilliseconds(), FAST_BURN.long).with({
      label: agent.graph.name,
    }),
  );
  return [
    [new TextWidget({ markdown: '## Tuning', width: ROW_WIDTH, height: 1 })],
    [
      graph('Burn rate of the objective, by the hour', {
        left: burn,
        leftYAxis: { label: 'times as many slow runs as may be', showUnits: false, min: 0 },
        leftAnnotations: [FAST_BURN, SLOW_BURN].map(({ rate, long }) => ({
          value: rate,
          label: `alarm after ${long.toHumanString()}`,
        })),
      }),
      graph('Requests for each copy', {
        left: scaled.map(([name, { component }]) => component.metricConcurrentRequestsPerCopy({ label: name })),
        leftYAxis: COUNT,
      }),
      graph('Copies in service', {
        left: scaled.flatMap(([, { component }]) => component.capacityMetrics.copiesInService ?? []),
        leftYAxis: COUNT,
      }),
    ],
    [
      graph('Changes', {
        left: [metrics.metricChanges({ label: 'done' }), metrics.metricRefusedChanges({ label: 'refused' })],
        leftYAxis: COUNT,
      }),
      graph('Components that are not tuned', {
        left: [
          metrics.metricFrozenComponents({ label: 'left alone' }),
          metrics.metricFlappingComponents({ label: 'flapping' }),
          metrics.metricBlindComponents({ label: 'not observed' }),
          metrics.metricSwitchedOff({ label: 'all: switched off' }),
        ],
        leftYAxis: COUNT,
      }),
      graph('What went wrong', {
        left: [
          tuner.metricErrors({ label: 'tuner' }),
          failedEvents.metricApproximateNumberOfMessagesVisible({ label: 'events kept' }),
        ],
        leftYAxis: COUNT,
      }),
    ],
  ];
}
