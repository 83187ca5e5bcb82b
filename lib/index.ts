export type { AgentObjective, IAgent } from './agent/agent-ref';
export type { CapacityMetrics, ComponentBindOptions, IComponent } from './component';
export { ConfigurationError, type ConfigurationFault } from './errors';
