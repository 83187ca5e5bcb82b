import { Duration } from 'aws-cdk-lib';
import { Dashboard, type IWidget, type Metric, Stats, TextWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { RUN_ERROR_KINDS } from '../../core/telemetry/metrics';
import type { IAgent } from '../agent/agent-ref';
import { assertConfiguration } from '../private/checks';
import { plannedComponents } from '../private/planned-components';
import { checkShape } from '../private/shape';
import { AgentMetrics } from './agent-metrics';
import { CopiesGraph } from './private/copies-graph';
import { nodeLines } from './private/node-lines';
import { AGENT_DASHBOARD } from './private/shapes';
import { COUNT, DOLLARS, graph, MILLISECONDS, PERCENT, ROW_WIDTH } from './private/widgets';

export interface AgentDashboardProps {
  /** The agent to show. */
  readonly agent: IAgent;
}

const PERCENTILES = [50, 95, 99];

/** One page that says how an agent does: latency, what decides it, cold starts, copies, errors and cost. */
export class AgentDashboard extends Construct {
  public readonly dashboard: Dashboard;

  /** @throws ConfigurationError that lists every fault */
  constructor(scope: Construct, id: string, props: AgentDashboardProps) {
    super(scope, id);
    assertConfiguration(this, (report) => checkShape('dashboard', '', props, AGENT_DASHBOARD, report));
    const { agent } = props;

    this.dashboard = new Dashboard(this, 'Resource', { defaultInterval: Duration.hours(3) });
    const metrics = new AgentMetrics(agent);
    this.addRow(new TextWidget({ markdown: `# Agent ${agent.graph.name}`, width: ROW_WIDTH, height: 1 }));
    this.addRow(...runGraphs(agent, metrics));
    this.addRow(...nodeGraphs(agent, metrics));
    this.addRow(...callGraphs(agent, metrics));
    this.addRow(...coldStartGraphs(agent, metrics));
    this.addRow(...capacityGraphs(agent));
  }

  private addRow(...widgets: IWidget[]): void {
    this.dashboard.addWidgets(...widgets);
  }
}

function runGraphs(agent: IAgent, metrics: AgentMetrics): IWidget[] {
  const objective = agent.objective?.p95.toMilliseconds();
  return [
    graph('Latency of runs', {
      left: PERCENTILES.map((p) => metrics.metricLatency({ statistic: Stats.percentile(p), label: `P${p}` })),
      leftYAxis: MILLISECONDS,
      ...(objective !== undefined && { leftAnnotations: [{ value: objective, label: 'objective for P95' }] }),
    }),
    graph('Runs, and errors by kind', {
      left: [
        ...RUN_ERROR_KINDS.map((kind) => metrics.metricErrorsOfKind(kind)),
        metrics.metricCancelledRuns({ label: 'cancelled by callers' }),
      ],
      leftYAxis: COUNT,
      right: [metrics.metricRuns({ label: 'runs' })],
      rightYAxis: COUNT,
    }),
    graph('Cost of a run', {
      left: [
        metrics.metricCost({ label: 'average' }),
        metrics.metricCost({ statistic: Stats.percentile(95), label: 'P95' }),
      ],
      leftYAxis: DOLLARS,
      right: [metrics.metricCost({ statistic: Stats.SUM, label: 'all runs' })],
      rightYAxis: DOLLARS,
    }),
  ];
}

function nodeGraphs({ graph: { definition } }: IAgent, metrics: AgentMetrics): IWidget[] {
  const { nodes } = definition;
  const ids = nodes.map(({ id }) => id);
  const fanOuts = nodes.flatMap(({ id, kind }) => (kind === 'map' ? [id] : []));
  const each = (metric: (id: string) => Metric) => nodeLines(ids, metric);
  return [
    ...PERCENTILES.map((p) =>
      graph(`P${p} by node`, {
        left: each((id) => metrics.metricNodeLatency(id, { statistic: Stats.percentile(p) })),
        leftYAxis: MILLISECONDS,
      }),
    ),
    graph('Share of the critical path, on average', {
      left: each((id) => metrics.metricCriticalPathShare(id)),
      leftYAxis: PERCENT,
    }),
    graph('Overhead of fan-outs and of the engine, P95', {
      left: [
        ...nodeLines(fanOuts, (id) => metrics.metricFanOutOverhead(id)),
        metrics.metricOverhead({ label: '(engine)' }),
      ],
      leftYAxis: MILLISECONDS,
    }),
    graph('Errors by node', { left: each((id) => metrics.metricNodeErrors(id)), leftYAxis: COUNT }),
  ];
}

/** The ids of the nodes that call components. */
function callersOf({ graph: { definition } }: IAgent): string[] {
  return definition.nodes.flatMap(({ id, kind }) => (kind === 'compute' ? [] : [id]));
}

function callGraphs(agent: IAgent, metrics: AgentMetrics): IWidget[] {
  const callers = callersOf(agent);
  if (callers.length === 0) return [];
  return [
    graph('Work of a call by node, P95', {
      left: nodeLines(callers, (id) => metrics.metricCallService(id)),
      leftYAxis: MILLISECONDS,
    }),
    ...planGraphs(agent, metrics),
    graph('Cost by node, all runs', {
      left: nodeLines(callers, (id) => metrics.metricNodeCost(id)),
      leftYAxis: DOLLARS,
    }),
  ];
}

/** Planner and tools apart, which differ too much for a percentile of both to say anything. */
function planGraphs({ graph: { definition } }: IAgent, metrics: AgentMetrics): IWidget[] {
  const planned = definition.nodes.flatMap((node) =>
    plannedComponents(node).map((component) => ({ plan: node.id, component })),
  );
  if (planned.length === 0) return [];
  return [
    graph('Work of a call of a plan by component, P95', {
      left: nodeLines(planned, ({ plan, component }) => metrics.metricCallService(plan, { component })),
      leftYAxis: MILLISECONDS,
    }),
  ];
}

function coldStartGraphs(agent: IAgent, metrics: AgentMetrics): IWidget[] {
  const callers = callersOf(agent);
  const each = (metric: (id: string) => Metric) => nodeLines(callers, metric);
  if (callers.length === 0) return [];
  return [
    graph('Cold starts by node', { left: each((id) => metrics.metricColdStarts(id)), leftYAxis: COUNT }),
    graph('Cold starts one after another in a run', {
      left: [
        metrics.metricCascadeDepth({ label: 'most' }),
        metrics.metricCascadeDepth({ statistic: Stats.AVERAGE, label: 'average' }),
      ],
      leftYAxis: COUNT,
    }),
    graph('Waiting room by node, P95', {
      left: each((id) => metrics.metricWaitingRoomTime(id)),
      leftYAxis: MILLISECONDS,
    }),
  ];
}

function capacityGraphs({ components }: IAgent): IWidget[] {
  return Object.entries(components).flatMap(([name, component]) => {
    const shown = Object.values(component.capacityMetrics ?? {}).filter((metric) => metric !== undefined);
    return shown.length === 0 ? [] : [new CopiesGraph(`Copies of ${name}`, component)];
  });
}
