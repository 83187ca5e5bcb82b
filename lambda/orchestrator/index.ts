export type { RuntimeConfig } from '../../core/api/config-variable';
export type { RunReport } from '../telemetry/report';
export { ConfigError } from './config';
export { type AgentHandler, type Handler, type ServeOptions, serve, serveDirectory } from './serve';
