export type { RuntimeConfig } from '../../core/api/config-variable';
export { ConfigError } from '../config/config-error';
export type { RunReport } from '../telemetry/report';
export { type AgentHandler, type Handler, type ServeOptions, serve, serveDirectory } from './serve';
