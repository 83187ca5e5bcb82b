import { existsSync } from 'node:fs';
import { Duration } from 'aws-cdk-lib';
import { CONFIG_VARIABLE, RUN_RECORD_LEVELS, type RunRecordLevel } from '../../../core/api/config-variable';
import type { Graph } from '../../../core/graph/graph';
import type { IComponent } from '../../component';
import { known, knownMs, type Report, show } from '../../private/checks';
import type { AgentObjective } from '../agent-ref';
import type { TenantLimits } from '../tenant-limits';
import { type AgentNetwork, checkNetwork } from './network-checks';
import { checkTenantLimits } from './tenant-limits-checks';
import { longestWarmPath } from './warm-path';

/** What an agent is checked for, apart from what it makes. */
export interface AgentSettings {
  readonly graph: Graph;
  readonly entry: string | undefined;
  readonly hasCode: boolean;
  readonly components: Readonly<Record<string, IComponent>>;
  readonly objective: AgentObjective | undefined;
  readonly deadline: Duration;
  readonly memoryMiB: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly tenantLimits: TenantLimits | undefined;
  readonly runRecords: RunRecordLevel | undefined;
  readonly network: AgentNetwork;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const MEMORY_MIB = { least: 128, most: 10_240 };
const LONGEST_FUNCTION = Duration.minutes(15);
/** What the function has left at the deadline of a run to say so, and to write its metrics. */
export const TIME_TO_ANSWER = Duration.seconds(2);

export function checkAgent(settings: AgentSettings, report: Report): void {
  checkCode(settings, report);
  checkComponents(settings, report);
  checkLimits(settings, report);
  checkObjective(settings, report);
  checkRunRecords(settings, report);
  if (settings.tenantLimits) checkTenantLimits(settings.tenantLimits, report);
  checkNetwork(settings.network, report);
}

function checkCode({ entry, hasCode }: AgentSettings, report: Report): void {
  if ((entry === undefined) === !hasCode) {
    report('agent/code', 'entry', 'give either the module of the agent or, bundled already, its "code"');
  } else if (entry !== undefined && !existsSync(entry)) {
    report('agent/entry-missing', 'entry', `there is no file ${entry}: paths are relative to where the app is started`);
  }
}

function checkComponents({ graph, components }: AgentSettings, report: Report): void {
  const named = graph.components().map(({ name }) => name);
  for (const name of named) {
    if (!isComponent(components[name])) {
      const given = components[name] === undefined ? 'nothing' : show(typeof components[name]);
      report('agent/component-unbound', `components.${name}`, `must say where the component runs, got: ${given}`);
    }
  }
  for (const name of Object.keys(components)) {
    if (!named.includes(name)) reportUnknown(`components.${name}`, graph, report);
  }
}

function reportUnknown(field: string, graph: Graph, report: Report): void {
  const named = graph.components().map(({ name }) => name);
  const calls = named.length > 0 ? `it calls ${named.join(', ')}` : 'it calls none';
  report('agent/component-unknown', field, `graph ${show(graph.name)} calls no such component: ${calls}; leave it out`);
}

export function isComponent(value: unknown): value is IComponent {
  return typeof (value as { bind?: unknown } | null | undefined)?.bind === 'function';
}

function checkLimits({ deadline, memoryMiB, environment }: AgentSettings, report: Report): void {
  const longest = LONGEST_FUNCTION.minus(TIME_TO_ANSWER);
  const deadlineMs = knownMs(deadline);
  if (deadlineMs === undefined) {
    report(
      'agent/unknown-duration',
      'deadline',
      'must be known at synthesis, since the timeout of the function follows from it',
    );
  } else if (deadlineMs <= 0 || deadlineMs > longest.toMilliseconds()) {
    report(
      'agent/deadline-range',
      'deadline',
      `must be above 0 and at most ${longest.toSeconds()} s, got: ${deadlineMs} ms`,
    );
  }
  const memory = known(memoryMiB);
  const { least, most } = MEMORY_MIB;
  if (memory !== undefined && !(Number.isInteger(memory) && memory >= least && memory <= most)) {
    report(
      'agent/memory-range',
      'memorySize',
      `must be a whole number of MiB from ${least} to ${most}, got: ${memory}`,
    );
  }
  if (CONFIG_VARIABLE in environment) {
    report('agent/reserved-variable', `environment.${CONFIG_VARIABLE}`, 'is set by the agent itself: leave it out');
  }
}

function checkObjective({ graph, objective, deadline }: AgentSettings, report: Report): void {
  if (!objective) return;
  const p95Ms = knownMs(objective.p95);
  if (p95Ms === undefined) {
    report(
      'agent/unknown-duration',
      'objective.p95',
      'must be known at synthesis, since it is checked against the graph',
    );
    return;
  }
  const deadlineMs = knownMs(deadline) ?? Infinity;
  if (p95Ms >= deadlineMs) {
    report(
      'agent/objective-above-deadline',
      'objective.p95',
      `must be below the deadline, at which runs end anyway (${deadlineMs} ms), got: ${p95Ms} ms`,
    );
  }

  const named = new Set(graph.components().map(({ name }) => name));
  const warmMs: Record<string, number> = {};
  for (const [name, latency] of Object.entries(objective.warmLatencies ?? {})) {
    warmMs[name] = knownMs(latency) ?? 0;
    if (!named.has(name)) reportUnknown(`objective.warmLatencies.${name}`, graph, report);
  }
  const path = longestWarmPath(graph, warmMs);
  if (path.durationMs > p95Ms) {
    report(
      'agent/objective-unreachable',
      'objective.p95',
      `must be at least the ${path.durationMs} ms that ${path.nodes.join(' → ')} takes with every component warm, which no scaling makes less: ` +
        `raise it, make that path shorter, or correct warmLatencies, got: ${p95Ms} ms`,
    );
  }
}

function checkRunRecords({ runRecords }: AgentSettings, report: Report): void {
  if (runRecords === undefined || RUN_RECORD_LEVELS.includes(runRecords)) return;
  const message = `must be one of ${RUN_RECORD_LEVELS.join(', ')}, got: ${show(runRecords)}`;
  report('agent/run-records', 'runRecords', message);
}

/** Nodes whose own time limit can never pass, because the run ends before it. */
export function nodesBeyond({ definition }: Graph, deadline: Duration): string[] {
  const deadlineMs = deadline.toMilliseconds();
  return definition.nodes.flatMap(({ id, timeout }) =>
    timeout?.nodeMs !== undefined && timeout.nodeMs > deadlineMs ? [`${id} (${timeout.nodeMs} ms)`] : [],
  );
}
