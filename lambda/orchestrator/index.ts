export type { RunReport } from '../telemetry/report';
export { ConfigError, type RuntimeConfig } from './config';
export { type Handler, type ServeOptions, serve, serveDirectory } from './serve';
