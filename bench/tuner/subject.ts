import type { AddressInfo } from 'node:net';
import { TUNER_VARIABLE, type TunerDeployment } from '../../core/scale/tuner-deployment.ts';
import { awsServices } from '../../lambda/tuner/aws-services.ts';
import { tuner } from '../../lambda/tuner/tuner.ts';
import { createAwsEndpoint, LocalAws } from '../../local/aws/index.ts';
import { inferenceComponent8b, World } from '../../local/world/index.ts';
import { VirtualClock } from '../../sim/kernel/virtual-clock.ts';

export const MINUTE_MS = 60_000;

/** Those of an hour are read by the first tick. */
const PAST_MINUTES = 60;

const TABLE = 'ledger';
const CALLS_PER_MINUTE = 20;
const NODES_PER_AGENT = 4;

const nameOf = (i: number) => `model-${i}`;

/** Agents of four components each, which nobody shares, and whose objectives are split over them. */
export function deploymentOf(components: number): TunerDeployment {
  const names = Array.from({ length: components }, (_, i) => nameOf(i));
  const agents = Array.from({ length: Math.ceil(components / NODES_PER_AGENT) }, (_, i) => ({
    name: `agent-${i}`,
    called: names.slice(i * NODES_PER_AGENT, (i + 1) * NODES_PER_AGENT),
  }));
  return {
    mode: 'act',
    table: TABLE,
    agents: Object.fromEntries(
      agents.map(({ name, called }) => [
        name,
        {
          functionName: 'fn',
          objectiveMs: 3000,
          nodes: called.map((component) => ({ id: component, component, needs: [], join: 'all', width: 1, repeat: 0 })),
        },
      ]),
    ),
    components: Object.fromEntries(
      names.map((name) => [
        name,
        {
          inferenceComponentName: name,
          policyName: 'concurrency',
          minCopies: 0,
          maxCopies: 4,
          minTarget: 1,
          maxTarget: 32,
          pricePerCopyHourUsd: 2,
        },
      ]),
    ),
  };
}

/** The local stack with metrics of an hour, and of as many minutes after it as there will be ticks. */
export async function startStack(components: number, ticks: number, nowMs: number): Promise<string> {
  const definitions = Array.from({ length: components }, (_, i) => ({
    kind: 'chat-model' as const,
    backend: { type: 'sagemaker' as const, endpointName: 'fleet', inferenceComponentName: nameOf(i) },
    behaviour: inferenceComponent8b,
    brain: () => '',
  }));
  const world = new World(definitions, { clock: new VirtualClock(), startsAtMs: nowMs });
  const key = (name: string) => ({ name, type: 'S' as const });
  const aws = new LocalAws(world, {
    tables: [{ name: TABLE, partitionKey: key('component'), sortKey: key('at'), ttlAttribute: 'expiresAtSeconds' }],
  });
  for (const [agent, { nodes }] of Object.entries(deploymentOf(components).agents)) {
    recordLatencies(aws, ['RunLatency'], { agent }, ticks, nowMs);
    for (const { id } of nodes) recordNode(aws, agent, id, ticks, nowMs);
  }
  const server = createAwsEndpoint(aws);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function orchestratorMetric(MetricName: string, of: Readonly<Record<string, string>>) {
  const dimensions = { service: 'orchestrator', function: 'fn', ...of };
  return {
    Namespace: 'CompoundInference',
    MetricName,
    Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
  };
}

function recordLatencies(
  { metrics }: LocalAws,
  names: readonly string[],
  of: Readonly<Record<string, string>>,
  ticks: number,
  nowMs: number,
): void {
  const latencies = names.map((name) => orchestratorMetric(name, of));
  for (let minute = -PAST_MINUTES; minute < ticks; minute++) {
    for (let call = 0; call < CALLS_PER_MINUTE; call++) {
      const latencyMs = 500 + 900 * ((call * 7 + (minute + PAST_MINUTES) * 3) % CALLS_PER_MINUTE) ** 0.5;
      for (const metric of latencies) {
        metrics.record(metric, nowMs + minute * MINUTE_MS, 60, (values) => values.add(latencyMs));
      }
    }
  }
}

function recordNode(aws: LocalAws, agent: string, node: string, ticks: number, nowMs: number): void {
  const { metrics } = aws;
  recordLatencies(aws, ['NodeLatency', 'CallLatency'], { agent, node }, ticks, nowMs);
  const concurrency = {
    Namespace: 'AWS/SageMaker',
    MetricName: 'ConcurrentRequestsPerCopy',
    Dimensions: [{ Name: 'InferenceComponentName', Value: node }],
  };
  for (let minute = -PAST_MINUTES; minute < ticks; minute++) {
    const atMs = nowMs + minute * MINUTE_MS;
    for (const name of ['CallWait', 'WaitingRoomTime', 'ColdStarts', 'CallErrors']) {
      const metric = orchestratorMetric(name, { agent, node });
      for (let call = 0; call < CALLS_PER_MINUTE; call++) metrics.record(metric, atMs, 60, (values) => values.add(0));
    }
    for (let slot = 0; slot < 6; slot++) {
      metrics.record(concurrency, atMs + slot * 10_000, 10, (values) => values.add(4 + (slot % 3)));
    }
  }
}

export interface TickFigures {
  readonly firstTickMs: number;
  /** CPU time of the function in the first tick. */
  readonly firstCpuMs: number;
  readonly ticksMs: readonly number[];
  /** CPU time of the function in a later tick. */
  readonly cpuMs: number;
  readonly maxMemoryMiB: number;
  /** Changes of the first tick and of all. */
  readonly done: number;
}

/** Ticks one after another, each a minute later. Clients as the function has them. */
export async function measureTicks(
  url: string,
  components: number,
  ticks: number,
  beginMs: number,
): Promise<TickFigures> {
  const client = {
    endpoint: url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  };
  let nowMs = beginMs;
  const handle = tuner({
    services: (table) => ({
      ...awsServices(client, table),
      now: () => nowMs,
      publish: () => {},
    }),
    environment: { [TUNER_VARIABLE]: JSON.stringify(deploymentOf(components)) },
    log: () => {},
  });
  const durations: number[] = [];
  let done = 0;
  const cpusMs: number[] = [];
  for (let i = 0; i < ticks; i++) {
    const began = performance.now();
    const cpu = process.cpuUsage();
    const summary = await handle({}, { awsRequestId: `tick-${i}`, getRemainingTimeInMillis: () => 60_000 });
    durations.push(performance.now() - began);
    const { user, system } = process.cpuUsage(cpu);
    cpusMs.push((user + system) / 1000);
    // Objectives of two agents are split in each tick; until then nothing is decided about the components of the others.
    if (summary.status !== 'done' || summary.conflicts > 0 || summary.blind === components) {
      throw new Error(`the tick did not do its work: ${JSON.stringify(summary)}`);
    }
    done += summary.done;
    nowMs += MINUTE_MS;
  }
  const [firstTickMs = 0, ...ticksMs] = durations;
  const [firstCpuMs = 0] = cpusMs;
  const maxMemoryMiB = process.resourceUsage().maxRSS / 1024;
  return { firstTickMs, firstCpuMs, ticksMs, cpuMs: cpusMs.at(-1) ?? 0, maxMemoryMiB, done };
}
