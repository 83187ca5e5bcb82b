import { anything, having, IS_ACTION, list, needed, type Shape } from '../../private/shape';
import type { AgentAlarmsOptions, AgentAlarmsProps } from '../agent-alarms';
import type { AgentApiAlarmsProps } from '../agent-api-alarms';
import type { AgentDashboardProps } from '../agent-dashboard';

const OPTIONS: Shape<AgentAlarmsOptions> = { actions: list(IS_ACTION), maxErrorPercent: anything };

const agent = needed(having('an Agent', 'graph', 'function'));

export const AGENT_ALARMS: Shape<AgentAlarmsProps> = { agent, ...OPTIONS };

export const AGENT_DASHBOARD: Shape<AgentDashboardProps> = { agent };

export const API_ALARMS: Shape<AgentApiAlarmsProps> = {
  api: needed(having('an AgentApi', 'agents')),
  ...OPTIONS,
};
