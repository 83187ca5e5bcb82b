import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { AgentApi } from '../agent/agent-api';
import type { IAgent } from '../agent/agent-ref';
import { assertConfiguration, known } from '../private/checks';
import { checkShape } from '../private/shape';
import type { AgentAlarmsOptions } from './agent-alarms';
import { addAlarm, checkErrorPercent, DEFAULT_MAX_ERROR_PERCENT, tooManyErrors, tooSlow } from './private/alarm-rules';
import { API_ALARMS } from './private/shapes';

export interface AgentApiAlarmsProps extends AgentAlarmsOptions {
  /** The API to watch. */
  readonly api: AgentApi;
}

/**
 * Tells when the callers of an API no longer get what they should, whatever the reason: they see the start of functions and the
 * gateway too, which the alarms of agents do not. Those tell agents apart.
 */
export class AgentApiAlarms extends Construct {
  /**
   * P95 of the latency of all requests has been above the longest objective of the agents for 15 minutes, with 20
   * requests or more in each 5; undefined unless every agent has an objective.
   */
  public readonly latency?: Alarm;

  /** In two of three periods of 5 minutes more requests were answered with a status from 500 than may. */
  public readonly serverErrors: Alarm;

  constructor(scope: Construct, id: string, props: AgentApiAlarmsProps) {
    super(scope, id);

    assertConfiguration(this, (report) => {
      if (checkShape('alarms', '', props, API_ALARMS, report)) checkErrorPercent(props.maxErrorPercent, report);
    });
    const { api, actions = [], maxErrorPercent = DEFAULT_MAX_ERROR_PERCENT } = props;
    const add = (alarmId: string, description: string, rule: ReturnType<typeof tooSlow>) =>
      addAlarm(this, alarmId, description, rule, actions);

    const objectiveMs = longestObjectiveMs(api.agents);
    if (objectiveMs !== undefined) {
      const description = `P95 of the API ${api.node.path} is above the objectives of its agents`;
      this.latency = add('Latency', description, tooSlow(api.metricLatency(), objectiveMs));
    }
    this.serverErrors = add(
      'ServerErrors',
      `More than ${maxErrorPercent} % of the requests of the API ${api.node.path} fail`,
      tooManyErrors(api.metricServerErrors(), maxErrorPercent),
    );
  }
}

/** P95 of all requests together is above this only if an agent misses its own objective. */
function longestObjectiveMs(agents: readonly IAgent[]): number | undefined {
  const objectives = agents.map(({ objective }) => known(objective?.p95.toMilliseconds()));
  return objectives.every((ms) => ms !== undefined) ? Math.max(...objectives) : undefined;
}
