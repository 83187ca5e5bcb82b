import { randomUUID } from 'node:crypto';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { listAgents } from '../../core/api/agent-list';
import { DEFAULT_DEADLINE_MS, type RuntimeConfig } from '../../core/api/config-variable';
import { openApiFor } from '../../core/api/openapi';
import { spilloverOf } from '../../core/graph/alternatives';
import type { Bindings } from '../../core/graph/binding';
import { Graph } from '../../core/graph/graph';
import type { Caller, Clock } from '../../core/run/call';
import { Engine } from '../../core/run/engine';
import { InputError, RunError } from '../../core/run/errors';
import { planning } from '../../core/run/planning';
import { type CallPolicies, callPolicies } from '../../core/run/policies';
import { callerFor } from '../backends';
import { ConfigError } from '../config/config-error';
import { logConfigFault, logFault } from '../telemetry/log';
import { publishFault } from '../telemetry/metrics';
import { type RunReport, reportRun } from '../telemetry/report';
import { agentsByName } from './agents-by-name';
import { ConfigSource } from './config-source';
import { forPages } from './cors';
import { deadlineMsFor } from './deadline';
import { type Answer, pathSegments, toProblemResult, toResult } from './http';
import { Problem } from './problem';
import { readJsonBody } from './request-body';
import { requireBindings } from './require-bindings';
import { runAnswer } from './run-answer';
import { toProblem } from './run-problem';
import { systemClock } from './system-clock';
import { tenantOf } from './tenant';
import type { Warming } from './warming/warming';
import { WarmingSource } from './warming/warming-source';

export interface ServeOptions {
  /** @default - what the environment variable COMPOUND_CONFIG holds or names */
  readonly config?: RuntimeConfig;
  /**
   * Told of each run that has ended; awaited, and logged if it fails. A run that could not begin is logged and counted in any case.
   *
   * @default - EMF metrics and a structured log line on standard output
   */
  readonly onRunEnd?: (report: RunReport) => unknown;
  /** Time as runs see it: their deadlines, waits and durations. @default - that of the machine */
  readonly clock?: Clock;
  /** Time as the warm board has it, in milliseconds since 1970. @default Date.now */
  readonly nowMs?: () => number;
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
      return forPages(event, toResult(await server.answer(event, context)));
    } catch (error) {
      if (!(error instanceof Problem)) logFault(context.awsRequestId, undefined, error);
      return forPages(event, toProblemResult(toProblem(error, context.awsRequestId)));
    }
  };
  return Object.assign(handle, { agents });
}

class AgentServer {
  readonly #agents: ReadonlyMap<string, Graph>;
  readonly #onRunEnd: NonNullable<ServeOptions['onRunEnd']>;
  readonly #config: ConfigSource;
  readonly #engine: Engine;
  #bindings: Bindings | undefined;
  #caller: Caller | undefined;
  #policies: CallPolicies | undefined;
  readonly #warming: WarmingSource;

  constructor(agents: ReadonlyMap<string, Graph>, options: ServeOptions) {
    const { config, onRunEnd = reportRun, clock = systemClock, nowMs = Date.now } = options;
    this.#agents = agents;
    this.#config = new ConfigSource(config);
    this.#warming = new WarmingSource(clock, nowMs);
    this.#engine = new Engine({
      caller: (call) => this.#caller!(call),
      clock,
      random: Math.random,
      policies: { around: (...call) => this.#policies!.around(...call) },
      planning: planning(),
    });
    this.#onRunEnd = onRunEnd;
    void this.#prepare();
  }

  /** While the function starts, so that its first run finds the clients of warming there. */
  async #prepare(): Promise<void> {
    try {
      this.#warming.of((await this.#config.read()).warming);
    } catch {
      // Each run tells why it cannot begin.
    }
  }

  async answer(event: APIGatewayProxyEvent, context: Context): Promise<Answer> {
    const [root, name, runs, ...more] = pathSegments(event);
    if (root === 'openapi.json' && name === undefined) {
      return only('GET', event, () => ok(openApiFor([...this.#agents.values()])));
    }
    if (root === 'agents' && name === undefined)
      return only('GET', event, () => ok(listAgents([...this.#agents.values()])));
    if (root === 'agents' && name !== undefined) {
      const agent = this.#agent(name);
      if (runs === undefined) return only('GET', event, () => describe(agent));
      if (runs === 'runs' && more.length === 0) return only('POST', event, () => this.#run(agent, event, context));
    }
    throw new Problem('not-found', 'see GET /agents for what there is');
  }

  #agent(name: string): Graph {
    const agent = this.#agents.get(name);
    if (agent) return agent;
    const known = [...this.#agents.keys()].join(', ');
    throw new Problem('not-found', `no agent is named ${JSON.stringify(name.slice(0, 80))}; the agents are: ${known}`);
  }

  async #run(agent: Graph, event: APIGatewayProxyEvent, context: Context): Promise<Answer> {
    const runId = randomUUID();
    let warming: Warming | undefined;
    try {
      const config = await this.#config.read();
      const deadlineMs = deadlineMsFor(event, context, config.deadlineMs ?? DEFAULT_DEADLINE_MS);
      const input = readJsonBody(event);
      requireBindings(agent, config.bindings);
      this.#bind(config.bindings);
      warming = this.#warming.of(config.warming);
      warming?.begin(agent, runId, deadlineMs);
      const result = await this.#engine.run(agent, input, { deadlineMs, ...tenantOf(event, runId) });
      const answer = runAnswer(runId, result);
      await this.#report({ runId, record: result.record }, warming);
      return answer;
    } catch (error) {
      if (error instanceof RunError) await this.#report({ runId, record: error.record, error }, warming);
      else if (!(error instanceof InputError || error instanceof Problem)) this.#reportFault(runId, agent, error);
      throw toProblem(error, runId, warming?.readyInMs(agent));
    } finally {
      warming?.forget(runId);
    }
  }

  /** The answer is paid for: a report that fails must not cost it. */
  async #report(report: RunReport, warming: Warming | undefined): Promise<void> {
    this.#config.observe(report.record);
    try {
      const warmed = warming && { warming: warming.end(report.runId, report.record) };
      await Promise.all([this.#onRunEnd({ ...report, ...warmed }), warming?.teach()]);
    } catch (error) {
      logFault(report.runId, report.record.graph, error);
    }
  }

  /** A run that could not begin, or that ended outside of its graph, has no record. */
  #reportFault(runId: string, { name }: Graph, error: unknown): void {
    if (error instanceof ConfigError) {
      this.#config.doubt();
      logConfigFault(runId, name, error.message);
      publishFault(name, 'invalid');
    } else {
      logFault(runId, name, error);
      publishFault(name, 'failed');
    }
  }

  /** Runs that go on are bound anew with the others: what they were bound to is gone, and so is what was learned of it. */
  #bind(bindings: Bindings): void {
    if (bindings === this.#bindings) return;
    this.#bindings = bindings;
    this.#caller = callerFor(bindings);
    this.#policies = callPolicies({ spilloverOf: ({ name }) => spilloverOf(bindings, name) });
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
