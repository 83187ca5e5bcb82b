import { Lazy } from 'aws-cdk-lib';
import { type Alarm, ComparisonOperator, type CompositeAlarm, type IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { AgentMetrics } from '../observability/agent-metrics';
import { addAlarm, PERIOD, PERIODS_OF_A_TREND, type Rule } from '../observability/private/alarm-rules';
import { BurnAlarm, FAST_BURN, SLOW_BURN } from '../observability/private/burn-rate';
import { watchScheduledFunction } from '../observability/private/scheduled-function-alarms';
import { assertConfiguration } from '../private/checks';
import { checkShape } from '../private/shape';
import type { PolicyTuner } from './policy-tuner';
import { TUNER_ALARMS } from './private/shapes';

export interface TunerAlarmsOptions {
  /**
   * What an alarm does, such as an `SnsAction` that tells a topic.
   *
   * @default - nothing: alarms only show
   */
  readonly actions?: readonly IAlarmAction[];
}

export interface TunerAlarmsProps extends TunerAlarmsOptions {
  /** The tuner to watch, with its agents and components. */
  readonly tuner: PolicyTuner;
}

/** After a change that was taken back a component rests for an hour: what lasts for longer needs somebody. */
const PERIODS_OF_A_REST = 24;

const MINUTES_OF_SATURATION = 15;

/** Tells when objectives are missed for good, and when the tuner cannot help or no longer works. */
export class TunerAlarms extends Construct {
  /** By agent: for an hour, and still, 14 times as many runs are slower than the objective as may be. Act at once. */
  public readonly fastBurn: Readonly<Record<string, CompositeAlarm>>;

  /** By agent: for six hours, and still, 6 times as many runs are slower than the objective as may be. Act today. */
  public readonly slowBurn: Readonly<Record<string, CompositeAlarm>>;

  /** By component: all copies that it may have have served for 15 minutes. More are not the tuner's to allow. */
  public readonly saturation: Readonly<Record<string, Alarm>>;

  /** A target has been left alone for two hours, because somebody changed its policy, or changes do not help. */
  public readonly frozen: Alarm;

  /** The target of a component goes up and down. */
  public readonly flapping: Alarm;

  /** About a component that has calls nothing could be decided for 15 minutes. */
  public readonly blind: Alarm;

  /** A person has switched the tuner off, and not on again: nothing follows the objectives. */
  public readonly switchedOff: Alarm;

  /** The tuner has failed. */
  public readonly functionErrors: Alarm;

  /** Nothing has called the tuner for 15 minutes: nothing follows the objectives. */
  public readonly silence: Alarm;

  /** There are events that the tuner could not handle. */
  public readonly failedEvents: Alarm;

  constructor(scope: Construct, id: string, props: TunerAlarmsProps) {
    super(scope, id);

    assertConfiguration(this, (report) => checkShape('tuner', '', props, TUNER_ALARMS, report));
    const { tuner, actions = [] } = props;
    const burn = (scopeId: string, window: typeof FAST_BURN) => {
      const byAgent = new Construct(this, scopeId);
      return Object.fromEntries(
        tuner.agents.map((agent) => {
          const { name } = agent.graph;
          const latency = new AgentMetrics(agent).metricLatency();
          const objectiveMs = agent.objective!.p95.toMilliseconds();
          const description = `Runs of the agent ${name} are slower than the objective, ${window.rate} times as many as may be`;
          return [name, new BurnAlarm(byAgent, name, { description, latency, objectiveMs, window, actions }).alarm];
        }),
      );
    };
    this.fastBurn = burn('FastBurn', FAST_BURN);
    this.slowBurn = burn('SlowBurn', SLOW_BURN);

    const byComponent = new Construct(this, 'Saturation');
    this.saturation = Object.fromEntries(
      Object.entries(tuner.components).map(([name, { component }]) => {
        const rule: Rule = {
          metric: component.capacityMetrics.copiesInService!,
          comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
          // A schedule may yet raise the maximum.
          threshold: Lazy.number({ produce: () => component.maxCopies - 0.5 }),
          evaluationPeriods: MINUTES_OF_SATURATION,
        };
        return [name, addAlarm(byComponent, name, `All copies that ${name} may have are in service`, rule, actions)];
      }),
    );

    const of = `of ${tuner.node.path}`;
    const add = (alarmId: string, description: string, rule: Rule) =>
      addAlarm(this, alarmId, description, rule, actions);
    const { metrics } = tuner;
    this.frozen = add('Frozen', `The tuner ${of} leaves the target of a component alone`, {
      metric: metrics.metricFrozenComponents({ period: PERIOD }),
      threshold: 1,
      evaluationPeriods: PERIODS_OF_A_REST,
    });
    this.flapping = add('Flapping', `The tuner ${of} moves a target up and down`, {
      metric: metrics.metricFlappingComponents({ period: PERIOD }),
      threshold: 1,
      evaluationPeriods: 1,
    });
    this.blind = add('Blind', `The tuner ${of} can decide nothing about a component`, {
      metric: metrics.metricBlindComponents({ period: PERIOD }),
      threshold: 1,
      evaluationPeriods: PERIODS_OF_A_TREND,
    });
    this.switchedOff = add('SwitchedOff', `The tuner ${of} is switched off`, {
      metric: metrics.metricSwitchedOff({ period: PERIOD }),
      threshold: 1,
      evaluationPeriods: 1,
    });
    const ofFunction = watchScheduledFunction(
      this,
      { name: `the tuner ${of}`, function: tuner.function, failedEvents: tuner.failedEvents },
      actions,
    );
    this.functionErrors = ofFunction.functionErrors;
    this.silence = ofFunction.silence;
    this.failedEvents = ofFunction.failedEvents;
  }
}
