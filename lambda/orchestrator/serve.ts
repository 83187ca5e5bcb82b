import { randomUUID } from 'node:crypto';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { Graph } from '../../core/graph/graph';
import { Engine } from '../../core/run/engine';
import { InputError, RunError } from '../../core/run/errors';
import { callerFor } from '../backends';
import { logFault } from '../telemetry/log';
import { type RunReport, reportRun } from '../telemetry/report';
import { agentsByName } from './agents-by-name';
import { CONFIG_VARIABLE, ConfigError, DEFAULT_DEADLINE_MS, type RuntimeConfig, readConfig } from './config';
import { deadlineMsFor } from './deadline';
import { type Answer, pathSegments, toProblemResult, toResult } from './http';
import { openApiFor } from './openapi';
import { Problem } from './problem';
import { readJsonBody } from './request-body';
import { requireBindings } from './require-bindings';
import { runAnswer } from './run-answer';
import { toProblem } from './run-problem';
import { systemClock } from './system-clock';

export interface ServeOptions {
  /** @default - the JSON file that the environment variable COMPOUND_CONFIG names, read at the first run */
  readonly config?: RuntimeConfig;
  /** Told of each run that has ended; awaited, and logged if it fails. @default - EMF metrics and a structured log line on standard output */
  readonly onRunEnd?: (report: RunReport) => unknown;
}

export type Handler = (event: APIGatewayProxyEvent, context: Context) => Promise<APIGatewayProxyResult>;

export interface AgentHandler extends Handler {
  /** What it serves: a deployment checks that these are the agents it provides for. */
  readonly agents: readonly Graph[];
}

/**
 * The Lambda function of one or several agents, for REST proxy events of API Gateway:
 *
 * - `POST /agents/{agent}/runs` runs an agent
 * - `GET /agents` and `GET /agents/{agent}` describe what there is
 * - `GET /openapi.json` is the API document
 *
 * Errors are answered as `application/problem+json`.
 *
 * @throws Error if two agents, or two of their components, share a name
 */
export function serve(agents: Graph | readonly Graph[], options: ServeOptions = {}): AgentHandler {
  const byName = agentsByName(agents instanceof Graph ? [agents] : agents);
  return handlerOf([...byName.values()], new AgentServer(byName, options));
}

/** The function that answers for agents which run in functions of their own: it lists and describes them. */
export function serveDirectory(agents: readonly Graph[]): AgentHandler {
  const byName = new Map(agents.map((agent) => [agent.name, agent]));
  return handlerOf(agents, new AgentServer(byName, { config: { bindings: {} } }));
}

function handlerOf(agents: readonly Graph[], server: AgentServer): AgentHandler {
  const handle = async (event: APIGatewayProxyEvent, context: Context) => {
    try {
      return toResult(await server.answer(event, context));
    } catch (error) {
      if (error instanceof Problem) return toProblemResult(error);
      logFault(context.awsRequestId, undefined, error);
      return toProblemResult(toProblem(error, context.awsRequestId));
    }
  };
  return Object.assign(handle, { agents });
}

class AgentServer {
  readonly #agents: ReadonlyMap<string, Graph>;
  readonly #onRunEnd: NonNullable<ServeOptions['onRunEnd']>;
  #config: RuntimeConfig | undefined;
  #engine: Engine | undefined;

  constructor(agents: ReadonlyMap<string, Graph>, { config, onRunEnd = reportRun }: ServeOptions) {
    this.#agents = agents;
    this.#config = config;
    this.#onRunEnd = onRunEnd;
  }

  async answer(event: APIGatewayProxyEvent, context: Context): Promise<Answer> {
    const [root, name, runs, ...more] = pathSegments(event);
    if (root === 'openapi.json' && name === undefined) {
      return only('GET', event, () => ok(openApiFor([...this.#agents.values()])));
    }
    if (root === 'agents' && name === undefined) return only('GET', event, () => this.#list());
    if (root === 'agents' && name !== undefined) {
      const agent = this.#agent(name);
      if (runs === undefined) return only('GET', event, () => describe(agent));
      if (runs === 'runs' && more.length === 0) return only('POST', event, () => this.#run(agent, event, context));
    }
    throw new Problem('not-found', 'see GET /agents for what there is');
  }

  #list(): Answer {
    const agents = [...this.#agents.values()].map(({ name, definition: { description } }) => ({
      name,
      ...(description !== undefined && { description }),
      runs: `/agents/${name}/runs`,
    }));
    return ok({ agents });
  }

  #agent(name: string): Graph {
    const agent = this.#agents.get(name);
    if (agent) return agent;
    const known = [...this.#agents.keys()].join(', ');
    throw new Problem('not-found', `no agent is named ${JSON.stringify(name.slice(0, 80))}; the agents are: ${known}`);
  }

  async #run(agent: Graph, event: APIGatewayProxyEvent, context: Context): Promise<Answer> {
    const config = this.#readConfig();
    const deadlineMs = deadlineMsFor(event, context, config.deadlineMs ?? DEFAULT_DEADLINE_MS);
    const input = readJsonBody(event);
    requireBindings(agent, config.bindings);

    const runId = randomUUID();
    try {
      this.#engine ??= new Engine({ caller: callerFor(config.bindings), clock: systemClock, random: Math.random });
      const result = await this.#engine.run(agent, input, { deadlineMs });
      const answer = runAnswer(runId, result);
      await this.#report({ runId, record: result.record });
      return answer;
    } catch (error) {
      if (error instanceof RunError) await this.#report({ runId, record: error.record, error });
      else if (!(error instanceof InputError)) logFault(runId, agent.name, error);
      throw toProblem(error, runId);
    }
  }

  /** The answer is paid for: a report that fails must not cost it. */
  async #report(report: RunReport): Promise<void> {
    try {
      await this.#onRunEnd(report);
    } catch (error) {
      logFault(report.runId, report.record.graph, error);
    }
  }

  #readConfig(): RuntimeConfig {
    try {
      this.#config ??= readConfig(process.env[CONFIG_VARIABLE]);
      return this.#config;
    } catch (error) {
      if (error instanceof ConfigError)
        throw new Problem('agent-fault', `the deployment is not configured: ${error.message}`);
      throw error;
    }
  }
}

function describe(agent: Graph): Answer {
  return ok({ ...agent.describe(), mermaid: agent.toMermaid() });
}

function ok(body: object): Answer {
  return { status: 200, json: JSON.stringify(body) };
}

async function only(
  method: 'GET' | 'POST',
  { httpMethod, path }: APIGatewayProxyEvent,
  answer: () => Answer | Promise<Answer>,
): Promise<Answer> {
  if (httpMethod === method) return answer();
  throw new Problem('method-not-allowed', `${path} takes ${method} only, got: ${httpMethod}`, {}, { allow: method });
}
