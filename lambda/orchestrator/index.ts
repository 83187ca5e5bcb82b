export type { RunReport } from '../telemetry/report';
export { ConfigError, type RuntimeConfig } from './config';
export { type AgentHandler, type Handler, type ServeOptions, serve, serveDirectory } from './serve';
