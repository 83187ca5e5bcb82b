import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { Graph } from '../../core/graph/graph';
import { logFault } from '../telemetry/log';
import { agentRoutes } from './agent-routes';
import { AgentRuns, type RunsOptions } from './agent-runs';
import { agentsByName } from './agents-by-name';
import { forPages } from './cors';
import { type Answer, type Invocation, toProblemAnswer, toResult } from './http';
import { mcpRoutes } from './mcp/routes';
import { openAiRoutes } from './openai/routes';
import { Problem } from './problem';
import { closing, HANDLER_STREAMING, type ResponseStream, sendAnswer } from './response-stream';
import { answerBy, type Route } from './route';
import { toProblem } from './run-problem';

export type ServeOptions = RunsOptions;

/** Answers with all there is to say, at its end. */
export type Handler = (event: APIGatewayProxyEvent, context: Context) => Promise<APIGatewayProxyResult>;

/** Writes its answer while it is made. */
export type StreamingHandler = (event: APIGatewayProxyEvent, stream: ResponseStream, context: Context) => Promise<void>;

/** Can be invoked in both ways. */
export interface AgentHandler extends Handler, StreamingHandler {
  /** What it serves: a deployment checks that these are the agents it provides for. */
  readonly agents: readonly Graph[];
  /** Whether Lambda invokes it as one that streams: it serves an agent whose text can be read while it is written. */
  readonly isStreaming: boolean;
}

/**
 * The Lambda function of one or several agents, for REST proxy events of API Gateway:
 *
 * - `POST /agents/{agent}/runs` runs an agent; with `accept: text/event-stream` it tells of the run while it goes on
 * - `GET /agents` and `GET /agents/{agent}` describe what there is
 * - `GET /openapi.json` is the API document
 * - `/v1/chat/completions` and `/v1/models` are for clients of OpenAI, also below `/agents/{agent}`
 * - `POST /mcp` is for clients of the Model Context Protocol, also below `/agents/{agent}`
 *
 * Errors are answered as `application/problem+json`.
 *
 * @throws Error if two agents, or two of their components, share a name
 */
export function serve(agents: Graph | readonly Graph[], options: ServeOptions = {}): AgentHandler {
  return handlerOf(agentsByName(agents instanceof Graph ? [agents] : agents), options);
}

/** The function that answers for agents which run in functions of their own: it lists and describes them. */
export function serveDirectory(agents: readonly Graph[]): AgentHandler {
  return handlerOf(new Map(agents.map((agent) => [agent.name, agent])), { config: { bindings: {} } });
}

function handlerOf(agents: ReadonlyMap<string, Graph>, options: ServeOptions): AgentHandler {
  const runs = new AgentRuns(options);
  const routes = [...agentRoutes(agents, runs), ...openAiRoutes(agents, runs), ...mcpRoutes(agents, runs)];
  const isStreaming = [...agents.values()].some((agent) => agent.streams().length > 0);
  const whole: Handler = async (event, context) => toResult(await answer(routes, { event, context }));
  const streamed: StreamingHandler = async (event, stream, context) =>
    sendAnswer(await answer(routes, { event, context, signal: closing(stream) }), stream);
  // Not with three parameters: the runtime takes the third for a callback, and refuses the handler.
  const handle = (event: APIGatewayProxyEvent, ...rest: [Context] | [ResponseStream, Context]) =>
    isStreamed(rest) ? streamed(event, ...rest) : whole(event, rest[0]);
  return Object.assign(handle as Handler & StreamingHandler, {
    agents: [...agents.values()],
    isStreaming,
    ...(isStreaming && { [HANDLER_STREAMING]: 'response' }),
  });
}

function isStreamed(rest: readonly [Context] | readonly [ResponseStream, Context]): rest is [ResponseStream, Context] {
  return 'setContentType' in rest[0];
}

async function answer(routes: readonly Route[], invocation: Invocation): Promise<Answer> {
  const { event, context } = invocation;
  try {
    return forPages(event, await answerBy(routes, invocation));
  } catch (error) {
    if (!(error instanceof Problem)) logFault(context.awsRequestId, undefined, error);
    return forPages(event, toProblemAnswer(toProblem(error, context.awsRequestId)));
  }
}
