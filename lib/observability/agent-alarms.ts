import type { Alarm, IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { IAgent } from '../agent/agent-ref';
import { assertConfiguration } from '../private/checks';
import { checkShape } from '../private/shape';
import { AgentMetrics } from './agent-metrics';
import {
  addAlarm,
  checkErrorPercent,
  DEFAULT_MAX_ERROR_PERCENT,
  PERIOD,
  PERIODS_OF_A_TREND,
  tooManyErrors,
  tooSlow,
} from './private/alarm-rules';
import { AGENT_ALARMS } from './private/shapes';

export interface AgentAlarmsOptions {
  /**
   * What an alarm does, such as an `SnsAction` that tells a topic.
   *
   * @default - nothing: alarms only show
   */
  readonly actions?: readonly IAlarmAction[];

  /**
   * Percent of the runs, or of the requests of an API, that may fail.
   *
   * @default 5
   */
  readonly maxErrorPercent?: number;
}

export interface AgentAlarmsProps extends AgentAlarmsOptions {
  /** The agent to watch. */
  readonly agent: IAgent;
}

/** Tells when an agent no longer does what it should. Without runs nothing is wrong. */
export class AgentAlarms extends Construct {
  /**
   * P95 of the latency has been above the agent's objective for 15 minutes, with 20 runs or more in each 5; undefined
   * without an objective.
   */
  public readonly latency?: Alarm;

  /** In two of three periods of 5 minutes more runs have failed than may. */
  public readonly errorRate: Alarm;

  /** The function itself has failed: it timed out, ran out of memory or did not load. Failed runs do not count. */
  public readonly functionErrors: Alarm;

  /** Lambda has refused to start the function: its concurrency, or that of the account, is used up. */
  public readonly functionThrottles: Alarm;

  /**
   * By component: calls have found no copy for 15 minutes, longer than a cold start takes. Only of components that
   * count such calls.
   */
  public readonly noCapacity: Readonly<Record<string, Alarm>>;

  /**
   * A run has begun without a look at the limits of its tenant, because their table did not answer; undefined without
   * limits.
   */
  public readonly uncheckedRequests?: Alarm;

  constructor(scope: Construct, id: string, props: AgentAlarmsProps) {
    super(scope, id);

    assertConfiguration(this, (report) => {
      if (checkShape('alarms', '', props, AGENT_ALARMS, report)) checkErrorPercent(props.maxErrorPercent, report);
    });
    const { agent, actions = [], maxErrorPercent = DEFAULT_MAX_ERROR_PERCENT } = props;
    const metrics = new AgentMetrics(agent);
    const { name } = agent.graph;

    if (agent.objective) {
      this.latency = addAlarm(
        this,
        'Latency',
        `P95 of the agent ${name} is above its objective`,
        tooSlow(metrics.metricLatency(), agent.objective.p95.toMilliseconds()),
        actions,
      );
    }

    this.errorRate = addAlarm(
      this,
      'ErrorRate',
      `More than ${maxErrorPercent} % of the runs of the agent ${name} fail`,
      tooManyErrors(metrics.metricErrorRate(), maxErrorPercent),
      actions,
    );

    const once = { threshold: 1, evaluationPeriods: 1 } as const;
    this.functionErrors = addAlarm(
      this,
      'FunctionErrors',
      `The function of the agent ${name} fails`,
      { metric: agent.function.metricErrors({ period: PERIOD }), ...once },
      actions,
    );
    this.functionThrottles = addAlarm(
      this,
      'FunctionThrottles',
      `The function of the agent ${name} is throttled`,
      { metric: agent.function.metricThrottles({ period: PERIOD }), ...once },
      actions,
    );

    if (agent.tenantLimits) {
      this.uncheckedRequests = addAlarm(
        this,
        'UncheckedRequests',
        `Runs of the agent ${name} begin without a look at the limits of their tenants`,
        { metric: metrics.metricUncheckedRequests({ period: PERIOD }), ...once },
        actions,
      );
    }

    const byComponent = new Construct(this, 'NoCapacity');
    this.noCapacity = Object.fromEntries(
      Object.entries(agent.components).flatMap(([component, { capacityMetrics }]) => {
        const metric = capacityMetrics?.noCapacityFailures;
        if (!metric) return [];
        const alarm = addAlarm(
          byComponent,
          component,
          `Calls of the component ${component} of the agent ${name} find no copy`,
          // Whatever the period of the metric itself: a minute without any call would end a trend.
          { metric: metric.with({ period: PERIOD }), threshold: 1, evaluationPeriods: PERIODS_OF_A_TREND },
          actions,
        );
        return [[component, alarm]];
      }),
    );
  }
}
