import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  type AlarmProps,
  ComparisonOperator,
  type IAlarmAction,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { IAgent } from '../agent/agent-ref';
import { assertConfiguration, known, show } from '../private/checks';
import { AgentMetrics } from './agent-metrics';

export interface AgentAlarmsOptions {
  /**
   * What an alarm does, such as an `SnsAction` that tells a topic.
   *
   * @default - nothing: alarms only show
   */
  readonly actions?: readonly IAlarmAction[];

  /**
   * Percent of the runs that may fail.
   *
   * @default 5
   */
  readonly maxErrorPercent?: number;
}

export interface AgentAlarmsProps extends AgentAlarmsOptions {
  /** The agent to watch. */
  readonly agent: IAgent;
}

const DEFAULT_MAX_ERROR_PERCENT = 5;
const PERIOD = Duration.minutes(5);

/** For as long as this in a row: a spell that passes wakes nobody. */
const PERIODS_OF_A_TREND = 3;

/** Tells when an agent no longer does what it should. Without runs nothing is wrong. */
export class AgentAlarms extends Construct {
  /** P95 of the latency has been above the agent's objective for 15 minutes; undefined without an objective. */
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

  constructor(scope: Construct, id: string, props: AgentAlarmsProps) {
    super(scope, id);

    const { agent, actions = [], maxErrorPercent = DEFAULT_MAX_ERROR_PERCENT } = props;
    assertConfiguration(this, (report) => {
      const percent = known(maxErrorPercent);
      if (percent !== undefined && !(percent >= 0 && percent < 100)) {
        report('alarms/bad-error-percent', 'maxErrorPercent', `must be from 0 to below 100, got: ${show(percent)}`);
      }
    });
    const metrics = new AgentMetrics(agent);
    const { name } = agent.graph;
    const add = (at: Construct, alarmId: string, alarm: Omit<AlarmProps, 'treatMissingData'>) => {
      const made = new Alarm(at, alarmId, { treatMissingData: TreatMissingData.NOT_BREACHING, ...alarm });
      made.addAlarmAction(...actions);
      return made;
    };

    if (agent.objective) {
      this.latency = add(this, 'Latency', {
        alarmDescription: `P95 of the agent ${name} is above its objective`,
        metric: metrics.metricLatency({ period: PERIOD, statistic: Stats.percentile(95) }),
        comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
        threshold: agent.objective.p95.toMilliseconds(),
        evaluationPeriods: PERIODS_OF_A_TREND,
        // P95 of a handful of runs is the slowest of them.
        evaluateLowSampleCountPercentile: 'ignore',
      });
    }

    this.errorRate = add(this, 'ErrorRate', {
      alarmDescription: `More than ${maxErrorPercent} % of the runs of the agent ${name} fail`,
      metric: metrics.metricErrorRate({ period: PERIOD }),
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      threshold: maxErrorPercent / 100,
      evaluationPeriods: PERIODS_OF_A_TREND,
      datapointsToAlarm: 2,
    });

    const ofFunction = { threshold: 1, evaluationPeriods: 1 } as const;
    this.functionErrors = add(this, 'FunctionErrors', {
      alarmDescription: `The function of the agent ${name} fails`,
      metric: agent.function.metricErrors({ period: PERIOD }),
      ...ofFunction,
    });
    this.functionThrottles = add(this, 'FunctionThrottles', {
      alarmDescription: `The function of the agent ${name} is throttled`,
      metric: agent.function.metricThrottles({ period: PERIOD }),
      ...ofFunction,
    });

    const byComponent = new Construct(this, 'NoCapacity');
    this.noCapacity = Object.fromEntries(
      Object.entries(agent.components).flatMap(([component, { capacityMetrics }]) => {
        const metric = capacityMetrics?.noCapacityFailures;
        if (!metric) return [];
        const alarm = add(byComponent, component, {
          alarmDescription: `Calls of the component ${component} of the agent ${name} find no copy`,
          // Whatever the period of the metric itself: a minute without any call would end a trend.
          metric: metric.with({ period: PERIOD }),
          threshold: 1,
          evaluationPeriods: PERIODS_OF_A_TREND,
        });
        return [[component, alarm]];
      }),
    );
  }
}
