import type { AddressInfo } from 'node:net';
import { type AgentHandler, type RunReport, serve, serveDirectory } from '../lambda/orchestrator';
import { agentAsked } from '../lambda/orchestrator/agent-asked';
import { reportRun } from '../lambda/telemetry/report';
import { runRecordLine } from '../lambda/telemetry/run-record';
import { awsListener, type Fault, type HttpListener, HttpServer, LocalAws, type LocalAwsOptions } from './aws';
import { useLocalAws } from './aws-environment';
import { refusingForeignPages } from './gateway/foreign-pages';
import { gatewayListener } from './gateway/gateway';
import { bindingsOf, type LocalSystem, type ModelOverrides, standInsOf } from './system';
import { type LocalTenantLimits, runtimeTenantLimits, TENANTS } from './tenants';
import {
  type LocalWarming,
  localWarmer,
  localWarmerConfig,
  runtimeWarming,
  WARM_BOARD,
  WARMER_SCHEDULE,
} from './warming';
import { type LocalFunction, World, type WorldOptions, wallClock } from './world';

export interface LocalStackOptions extends LocalAwsOptions {
  readonly systems: readonly LocalSystem[];
  /** @default - a free port */
  readonly port?: number;
  /** How many times as fast as real the world of the models is: their answers and their cold starts. @default 1 */
  readonly speed?: number;
  /** Real models in place of simulated ones. @default - none */
  readonly models?: ModelOverrides;
  /** Told of each run that has ended. @default - metrics and a log line on standard output, as in Lambda */
  readonly onRunEnd?: (report: RunReport) => void;
  /**
   * By whose time runs wait for copies, try again and meet deadlines. By the real one, a person waits no longer than a
   * deployed API lets them, however long the world's cold starts are. By that of the world, a run behaves in the world as
   * it does on AWS, and only the 29 s of the gateway are real: what a comparison with a simulation needs.
   *
   * @default 'real'
   */
  readonly runTime?: 'real' | 'world';
  /** Of the spread of the cold starts. @default 1 */
  readonly seed?: number;
  /** Instances for inference components, by fleet. @default - instances with one GPU */
  readonly fleets?: WorldOptions['fleets'];
  /** Functions that are no component of an agent, such as one that a schedule runs. @default - none */
  readonly functions?: readonly LocalFunction[];
  /**
   * A warmer beside the agents, with its table and its schedule. Runs must go by the time of the world, or they and the
   * warmer would not mean the same by a second.
   *
   * @default - every cold start begins with the call that meets it
   */
  readonly warming?: LocalWarming;
  /** As those of a deployed agent. @default - none */
  readonly tenantLimits?: LocalTenantLimits;
}

export interface LocalStack {
  /** Base URL of the agents, and endpoint URL for AWS clients. */
  readonly url: string;
  readonly world: World;
  /** Makes calls of AWS go wrong, for tests. @returns makes them go well again */
  addFault(fault: Fault): () => void;
  /** Ends the schedules, waits a moment for functions that still handle events, and closes the port. */
  close(): Promise<void>;
}

/**
 * Starts agents and everything they call in this process: a REST API in front, the orchestrator behind it, and the AWS
 * services that it calls through the unmodified SDK. Until it is closed, AWS clients of this process talk to it.
 */
export async function startLocalStack(options: LocalStackOptions): Promise<LocalStack> {
  const { systems, port = 0, speed = 1, seed, fleets, functions = [], warming, runTime = 'real' } = options;
  if (warming && runTime !== 'world') throw new Error("warming needs runTime: 'world'");
  const clock = wallClock(speed);
  const startsAtMs = Date.now();
  const warmer =
    warming && localWarmer(localWarmerConfig(warming, systems, fleets), clock, () => startsAtMs + clock.now());
  const components = systems.flatMap(standInsOf);
  const world = new World([...components, ...functions, ...(warmer ? [warmer] : [])], {
    clock,
    startsAtMs,
    ...(seed !== undefined && { seed }),
    ...(fleets && { fleets }),
  });
  const { tables = [], schedules = [], tenantLimits } = options;
  const aws = new LocalAws(world, {
    ...options,
    tables: [...tables, ...(warming ? [WARM_BOARD] : []), ...(tenantLimits ? [TENANTS] : [])],
    schedules: [...schedules, ...(warming ? [WARMER_SCHEDULE] : [])],
  });
  const server = new HttpServer(listenerOf(options, aws));
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));

  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const restoreEnvironment = useLocalAws(url);
  return {
    url,
    world,
    addFault: (fault) => aws.faults.add(fault),
    close: async () => {
      await aws.close();
      restoreEnvironment();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** One port for both doors: what is not an agent's is for the AWS services. */
function listenerOf(options: LocalStackOptions, aws: LocalAws): HttpListener {
  const { systems, runTime = 'real', speed = 1 } = options;
  const callAws = awsListener(aws);
  const handlers = new Map(systems.map((system) => [system.graph.name, handlerOf(system, options, aws)]));
  // What no single agent answers: the lists, the API document, and that an agent does not exist.
  const directory = serveDirectory(systems.map(({ graph }) => graph));
  const gateway = gatewayListener((event) => handlers.get(agentAsked(event) ?? '') ?? directory, {
    speed: runTime === 'world' ? speed : 1,
  });

  return refusingForeignPages((request, response) => {
    if (request.method === 'GET' && request.url === '/') {
      // For whoever opens the URL in a browser.
      response.statusCode = 302;
      response.setHeader('location', '/agents');
      response.end();
      return;
    }
    const isForAgents =
      /^\/(agents|openapi\.json|v1|mcp)?(\/|\?|$)/.test(request.url ?? '') && !isAwsCall(request.headers);
    return isForAgents ? gateway(request, response) : callAws(request, response);
  });
}

function handlerOf(system: LocalSystem, options: LocalStackOptions, { logs, world }: LocalAws): AgentHandler {
  const { models = {}, onRunEnd = reportRun, runTime = 'real', warming, tenantLimits } = options;
  const bindings = bindingsOf(system, models);
  const logGroup = `/aws/lambda/${system.graph.name}`;
  logs.addGroup(logGroup);
  const report = {
    onRunEnd: (run: RunReport) => {
      // By the clock of whoever asks for them.
      const now = new Date();
      logs.put(logGroup, now.getTime(), [runRecordLine(run, now) ?? []].flat());
      return onRunEnd(run);
    },
  };
  const limited = tenantLimits && { tenantLimits: runtimeTenantLimits(tenantLimits) };
  if (runTime === 'real') return serve(system.graph, { config: { bindings, ...limited }, ...report });

  const config = { bindings, ...limited, deadlineMs: Infinity, ...(warming && { warming: runtimeWarming(system) }) };
  const { clock } = world;
  return serve(system.graph, { config, clock, nowMs: () => world.nowMs, ...report });
}

/** SageMaker's control calls are posted to `/` and named in a header. */
function isAwsCall(headers: NodeJS.Dict<string | string[]>): boolean {
  return headers['x-amz-target'] !== undefined || headers['smithy-protocol'] !== undefined;
}
