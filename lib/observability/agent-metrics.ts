import { Metric, type MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import {
  type AdmissionMetric,
  type CallMetric,
  METRICS_NAMESPACE,
  METRICS_SERVICE,
  type NodeMetric,
  type RunFailureKind,
  type RunMetric,
  type WarmingMetric,
} from '../../core/telemetry/metrics';
import type { IAgent } from '../agent/agent-ref';
import { assertConfiguration, show } from '../private/checks';
import { plannedComponents } from '../private/planned-components';

/** Of which calls of a node a metric is, and how it is read. */
export interface CallMetricOptions extends MetricOptions {
  /**
   * Of a plan only the calls of its planner, or of one of its tools: the name of that component.
   *
   * @default - all calls of the node
   */
  readonly component?: string;
}

/** The metrics that an agent publishes of its runs. Their period is 5 minutes unless the options say otherwise. */
export class AgentMetrics {
  public constructor(private readonly agent: IAgent) {}

  /** How long runs take, in milliseconds: P95 by default. */
  public metricLatency(options: MetricOptions = {}): Metric {
    return this.ofRuns('RunLatency', { statistic: Stats.percentile(95), ...options });
  }

  /** What the engine takes of a run, beside the nodes that decide when it ends, in milliseconds: P95 by default. */
  public metricOverhead(options: MetricOptions = {}): Metric {
    return this.ofRuns('RunOverhead', { statistic: Stats.percentile(95), ...options });
  }

  /** How long callers wait for the first text of a run that they read while it goes on, in milliseconds: P95 by default. */
  public metricTimeToFirstText(options: MetricOptions = {}): Metric {
    return this.ofRuns('TimeToFirstText', { statistic: Stats.percentile(95), ...options });
  }

  /** Cold starts that a run met one after another: the most by default. */
  public metricCascadeDepth(options: MetricOptions = {}): Metric {
    return this.ofRuns('CascadeDepth', { statistic: Stats.MAXIMUM, ...options });
  }

  /** What a run costs, in US dollars: the average by default. */
  public metricCost(options: MetricOptions = {}): Metric {
    return this.ofRuns('RunCost', { statistic: Stats.AVERAGE, ...options });
  }

  /** Time of copies that a run takes, as its share of their concurrency, in seconds: the average by default. */
  public metricCopyTime(options: MetricOptions = {}): Metric {
    return this.ofRuns('RunCopyTime', { statistic: Stats.AVERAGE, ...options });
  }

  /** Runs, but for those whose callers went away. */
  public metricRuns(options: MetricOptions = {}): Metric {
    return this.ofRuns('RunErrors', { statistic: Stats.SAMPLE_COUNT, ...options });
  }

  /** Failed runs. */
  public metricErrors(options: MetricOptions = {}): Metric {
    return this.ofRuns('RunErrors', { statistic: Stats.SUM, ...options });
  }

  /** Runs that ended because their callers went away: no errors, and not among the latencies. */
  public metricCancelledRuns(options: MetricOptions = {}): Metric {
    return this.ofRuns('CancelledRuns', { statistic: Stats.SUM, ...options });
  }

  /** The part of the runs that failed, from 0 to 1; of those whose callers stayed. */
  public metricErrorRate(options: MetricOptions = {}): Metric {
    return this.ofRuns('RunErrors', { statistic: Stats.AVERAGE, ...options });
  }

  /** Runs that failed with an error of one kind; no data where none did. */
  public metricErrorsOfKind(kind: RunFailureKind, options: MetricOptions = {}): Metric {
    return this.metric('RunErrors', { kind }, { statistic: Stats.SUM, label: kind, ...options });
  }

  /** How long a node takes, in milliseconds: P95 by default. */
  public metricNodeLatency(node: string, options: MetricOptions = {}): Metric {
    return this.ofNode(node, 'NodeLatency', { statistic: Stats.percentile(95), ...options });
  }

  /** Failures of a node. */
  public metricNodeErrors(node: string, options: MetricOptions = {}): Metric {
    return this.ofNode(node, 'NodeErrors', { statistic: Stats.SUM, ...options });
  }

  /** Percent of the time of a run that a node decides: the average by default, over the runs in which it started. */
  public metricCriticalPathShare(node: string, options: MetricOptions = {}): Metric {
    return this.ofNode(node, 'CriticalPathShare', { statistic: Stats.AVERAGE, ...options });
  }

  /** What a node takes beyond the longest of its calls, in milliseconds: P95 by default. */
  public metricFanOutOverhead(node: string, options: MetricOptions = {}): Metric {
    return this.ofNode(node, 'FanOutOverhead', { statistic: Stats.percentile(95), ...options });
  }

  /** Tries of the calls of a node, hedges among them. */
  public metricNodeAttempts(node: string, options: MetricOptions = {}): Metric {
    return this.ofNode(node, 'NodeAttempts', { statistic: Stats.SUM, ...options });
  }

  /** Second tries of a node that were made while the first went on. No data of runs in which there were none. */
  public metricHedges(node: string, options: MetricOptions = {}): Metric {
    return this.ofNode(node, 'Hedges', { statistic: Stats.SUM, ...options });
  }

  /** Times that a call of a node went on to the next backend. No data of runs in which none did. */
  public metricSpillovers(node: string, options: MetricOptions = {}): Metric {
    return this.ofNode(node, 'Spillovers', { statistic: Stats.SUM, ...options });
  }

  /** Calls of a node that were answered from the cache, or by a try that another call made. No data of runs in which none was. */
  public metricReusedAnswers(node: string, options: MetricOptions = {}): Metric {
    return this.ofNode(node, 'ReusedAnswers', { statistic: Stats.SUM, ...options });
  }

  /** How long the calls of a node take, with their waits, in milliseconds: P95 by default. */
  public metricCallLatency(node: string, options: CallMetricOptions = {}): Metric {
    return this.ofCalls(node, 'CallLatency', { statistic: Stats.percentile(95), ...options });
  }

  /** How long no copy works on the calls of a node, in milliseconds: P95 by default. */
  public metricCallWait(node: string, options: CallMetricOptions = {}): Metric {
    return this.ofCalls(node, 'CallWait', { statistic: Stats.percentile(95), ...options });
  }

  /** Calls of a node that failed. */
  public metricCallErrors(node: string, options: CallMetricOptions = {}): Metric {
    return this.ofCalls(node, 'CallErrors', { statistic: Stats.SUM, ...options });
  }

  /** How long the calls of a node are worked on, without their waits, in milliseconds: P95 by default. */
  public metricCallService(node: string, options: CallMetricOptions = {}): Metric {
    return this.ofCalls(node, 'CallService', { statistic: Stats.percentile(95), ...options });
  }

  /** What the calls of a node cost, in US dollars: their sum by default. No data of runs in which that was nothing. */
  public metricNodeCost(node: string, options: MetricOptions = {}): Metric {
    return this.ofNode(node, 'NodeCost', { statistic: Stats.SUM, ...options });
  }

  /** Tokens that the calls of a node read: their sum by default. No data of runs in which there were none. */
  public metricNodeInputTokens(node: string, options: MetricOptions = {}): Metric {
    return this.ofNode(node, 'NodeInputTokens', { statistic: Stats.SUM, ...options });
  }

  /** Tokens that the calls of a node wrote: their sum by default. No data of runs in which there were none. */
  public metricNodeOutputTokens(node: string, options: MetricOptions = {}): Metric {
    return this.ofNode(node, 'NodeOutputTokens', { statistic: Stats.SUM, ...options });
  }

  /** Calls of a node that waited for a copy to become ready. */
  public metricColdStarts(node: string, options: CallMetricOptions = {}): Metric {
    return this.ofCalls(node, 'ColdStarts', { statistic: Stats.SUM, ...options });
  }

  /** How long the calls of a node wait for a copy to become ready, in milliseconds: P95 by default. */
  public metricWaitingRoomTime(node: string, options: CallMetricOptions = {}): Metric {
    return this.ofCalls(node, 'WaitingRoomTime', { statistic: Stats.percentile(95), ...options });
  }

  /**
   * How much longer a run would have waited if each cold start had begun with its call, in milliseconds: the average by default.
   * Of agents that are pre-warmed.
   */
  public metricWarmingSavedTime(options: MetricOptions = {}): Metric {
    return this.ofRuns('WarmingSavedTime', { statistic: Stats.AVERAGE, ...options });
  }

  /** Messages to the warmer. Of agents that are pre-warmed. */
  public metricWarmUpRequests(options: MetricOptions = {}): Metric {
    return this.ofRuns('WarmUpRequests', { statistic: Stats.SUM, ...options });
  }

  /** What could not be read from the board, or told to the warmer; runs went on without. Of agents that are pre-warmed. */
  public metricWarmingFailures(options: MetricOptions = {}): Metric {
    return this.ofRuns('WarmingFailures', { statistic: Stats.SUM, ...options });
  }

  /** Requests answered 429, because their tenant had no room. Of agents with `tenantLimits`. */
  public metricRefusedRequests(options: MetricOptions = {}): Metric {
    return this.ofRuns('RefusedRequests', { statistic: Stats.SUM, ...options });
  }

  /** Requests let in without a look at the limits of their tenant, because their table did not answer. Of agents with `tenantLimits`. */
  public metricUncheckedRequests(options: MetricOptions = {}): Metric {
    return this.ofRuns('UncheckedRequests', { statistic: Stats.SUM, ...options });
  }

  private ofRuns(metricName: RunMetric | WarmingMetric | AdmissionMetric, options: MetricOptions): Metric {
    return this.metric(metricName, {}, options);
  }

  private ofNode(node: string, metricName: NodeMetric, options: MetricOptions): Metric {
    assertConfiguration(this.agent, (report) => {
      const nodes = this.agent.graph.definition.nodes.map(({ id }) => id);
      if (nodes.includes(node)) return;
      report('metrics/unknown-node', 'node', `the graph has no node ${show(node)}; its nodes are: ${nodes.join(', ')}`);
    });
    return this.metric(metricName, { node }, { label: node, ...options });
  }

  private ofCalls(node: string, metricName: CallMetric, { component, ...options }: CallMetricOptions): Metric {
    const all = this.ofNode(node, metricName, options);
    if (component === undefined) return all;
    assertConfiguration(this.agent, (report) => {
      const called = plannedComponents(this.agent.graph.definition.nodes.find(({ id }) => id === node));
      if (called.includes(component)) return;
      const remedy = called.length > 0 ? `it calls ${called.join(', ')}` : 'leave it out, as the node is no plan';
      report('metrics/unknown-component', 'component', `no plan ${show(node)} calls ${show(component)}: ${remedy}`);
    });
    const label = `${node} ${component}`;
    return this.metric(metricName, { node, component }, { label, ...options });
  }

  private metric(
    metricName: RunMetric | NodeMetric | WarmingMetric | AdmissionMetric,
    dimensions: Readonly<Record<string, string>>,
    options: MetricOptions,
  ): Metric {
    return new Metric({
      namespace: METRICS_NAMESPACE,
      metricName,
      dimensionsMap: {
        service: METRICS_SERVICE,
        function: this.agent.function.functionName,
        agent: this.agent.graph.name,
        ...dimensions,
      },
      ...options,
    });
  }
}
