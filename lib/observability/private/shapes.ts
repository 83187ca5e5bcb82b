import { anything, having, IS_ACTION, list, needed, type Shape } from '../../private/shape';
import type { AgentAlarmsOptions, AgentAlarmsProps } from '../agent-alarms';
import type { AgentApiAlarmsProps } from '../agent-api-alarms';

const OPTIONS: Shape<AgentAlarmsOptions> = { actions: list(IS_ACTION), maxErrorPercent: anything };

export const AGENT_ALARMS: Shape<AgentAlarmsProps> = {
  agent: needed(having('an Agent', 'graph', 'function')),
  ...OPTIONS,
};

export const API_ALARMS: Shape<AgentApiAlarmsProps> = {
  api: needed(having('an AgentApi', 'agents')),
  ...OPTIONS,
};
