import type { RunRecord } from '../../core/run/record';
import type { RunReport } from '../../lambda/orchestrator';
import type { AgentModel } from '../../sim/agent/agent-model';
import { quantile } from '../../sim/statistics/quantile';
import type { RequestList } from '../../sim/workload/request-list';
import type { ComponentModel } from '../../sim/world/world-model';
import type { Subject } from './live-agent';
import { runLive } from './live-run';

export type Orchestration = Required<NonNullable<AgentModel['orchestration']>>;

/** Runs that compile the code and open connections, one shortly after the other in real time. */
const WARM_UP_RUNS = 40;
const WARM_UP_GAP_MS = 10;

/** Bounds of what is measured, in real time. */
const MEASURED_SECONDS = 5;
const MEASURED_RUNS = 100;

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
  const measuredMs = latencyMs.subarray(WARM_UP_RUNS);
  if (measuredMs.includes(Infinity)) {
    throw new Error(
      `a run without work failed at speed ${speed} (${[...faults.keys()].at(-1)}): choose a lower --speed`,
    );
  }
  const records = reports.slice(WARM_UP_RUNS).map(({ record }) => record);
  const callMs = median(records.flatMap((record) => callsOf(record, subject)));
  const wallMs = median(measuredMs);
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
  const { fleets, components } = scenario.world;
  return {
    scenario: {
      ...scenario,
      world: {
        fleets: mapValues(fleets, (fleet) => ({ ...fleet, maxInstances: Infinity })),
        components: mapValues(components, idle),
      },
    },
    requests: probeRequests(requests, speed),
    seed,
  };
}

/** Those of the warm-up, then some at their mean rate. */
function probeRequests({ count, durationUs, promptTokens, outputTokens }: RequestList, speed: number): RequestList {
  const gapUs = durationUs / count;
  const measured = Math.min(count, MEASURED_RUNS, Math.ceil((MEASURED_SECONDS * 1e6 * speed) / gapUs));
  const warmUpUs = WARM_UP_RUNS * WARM_UP_GAP_MS * 1000 * speed;
  const runs = Array.from({ length: WARM_UP_RUNS + measured }, (_, run) => run);
  const arrivalUs = Float64Array.from(runs, (run) =>
    Math.round(Math.min(run / WARM_UP_RUNS, 1) * warmUpUs + Math.max(0, run - WARM_UP_RUNS) * gapUs),
  );
  return {
    count: runs.length,
    arrivalUs,
    promptTokens: Uint32Array.from(runs, (run) => promptTokens[run % count]!),
    outputTokens: Uint32Array.from(runs, (run) => outputTokens[run % count]!),
    durationUs: arrivalUs.at(-1)!,
  };
}

function mapValues<T, U>(record: Readonly<Record<string, T>>, change: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
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
