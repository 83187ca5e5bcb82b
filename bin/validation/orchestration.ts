import type { AgentModel } from '../../sim/agent/agent-model';
import type { RunReport } from '../../lambda/orchestrator';
import type { RunRecord } from '../../core/run/record';
import { quantile } from '../../sim/statistics/quantile';
import type { ComponentModel } from '../../sim/world/world-model';
import type { Subject } from './live-agent';
import { runLive } from './live-run';

export type Orchestration = Required<NonNullable<AgentModel['orchestration']>>;

/** Of real time that is spent on the measurement, at most. */
const PROBE_SECONDS = 6;
const PROBE_REQUESTS = 150;
/** The first runs compile the code. */
const WARM_UP_SHARE = 1 / 3;

/**
 * What the orchestrator, its HTTP calls and the local AWS services take of themselves: the same requests at their mean
 * rate, with models and tools that take no time.
 *
 * @returns medians, in the world's milliseconds: each real one is `speed` of them
 */
export async function measureOrchestration(subject: Subject, speed: number): Promise<Orchestration> {
  const reports: RunReport[] = [];
  const probe = probeOf(subject, speed);
  const { latencyMs, faults } = await runLive(probe, { speed, onRunEnd: (report) => reports.push(report) });
  const [fault] = faults.keys();
  if (fault !== undefined) throw new Error(`a run without work failed: ${fault}`);
  const first = Math.floor(probe.requests.count * WARM_UP_SHARE);
  const records = reports.slice(first).map(({ record }) => record);
  const callMs = median(records.flatMap((record) => callsOf(record, subject)));
  const wallMs = median(latencyMs.subarray(first));
  const nodesMs = median(records.map(({ criticalPathMs }) => criticalPathMs));
  return { runMs: Math.max(0, wallMs - nodesMs), callMs };
}

const median = (values: ArrayLike<number>): number => (values.length === 0 ? 0 : quantile(values, 0.5));

/** Calls one after another on the critical path: how long one takes, for each node. */
function callsOf({ criticalPath, nodes }: RunRecord, { scenario }: Subject): number[] {
  return criticalPath.flatMap((id) => {
    const { startMs, endMs, calls } = nodes[id]!;
    const { concurrency = Infinity } = scenario.agent.nodes.find((node) => node.id === id)!;
    const rounds = Math.ceil(calls.length / Math.min(calls.length, concurrency));
    return calls.length === 0 ? [] : [(endMs - startMs) / rounds];
  });
}

function probeOf({ scenario, requests, seed }: Subject, speed: number): Subject {
  const realSeconds = requests.durationUs / 1e6 / speed;
  const perSecond = requests.count / realSeconds;
  const count = Math.max(1, Math.min(requests.count, PROBE_REQUESTS, Math.round(perSecond * PROBE_SECONDS)));
  const gapUs = requests.durationUs / requests.count;
  const { world } = scenario;
  return {
    scenario: {
      ...scenario,
      world: {
        fleets: Object.fromEntries(
          Object.entries(world.fleets).map(([name, fleet]) => [name, { ...fleet, maxInstances: Infinity }]),
        ),
        components: Object.fromEntries(Object.entries(world.components).map(([name, each]) => [name, idle(each)])),
      },
    },
    requests: {
      count,
      arrivalUs: Float64Array.from({ length: count }, (_, at) => Math.round((at + 1) * gapUs)),
      promptTokens: requests.promptTokens.subarray(0, count),
      outputTokens: requests.outputTokens.subarray(0, count),
      durationUs: Math.ceil((count + 1) * gapUs),
    },
    seed,
  };
}

/** Takes no time, and is always there. */
function idle(component: ComponentModel): ComponentModel {
  if (component.kind === 'tool') return { ...component, durationMs: 0 };
  const stepSeconds = { base: 1e-9, perPromptToken: 0, perSequence: 0, perContextToken: 0 };
  const { maxConcurrencyPerCopy: _, ...rest } = component;
  return {
    ...rest,
    copy: { ...component.copy, stepSeconds },
    scaling: { ...component.scaling, minCopies: 1, maxCopies: 1 },
  };
}
