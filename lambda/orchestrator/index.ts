export type { RuntimeConfig } from '../../core/api/config-variable';
export { ConfigError } from '../config/config-error';
export type { RunReport } from '../telemetry/report';
export type { ResponseStream } from './response-stream';
export {
  type AgentHandler,
  type Handler,
  type ServeOptions,
  type StreamingHandler,
  serve,
  serveDirectory,
} from './serve';
