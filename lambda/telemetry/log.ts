import type { ErrorRecord, NodeRecord } from '../../core/run/record';
import type { RunReport } from './report';
import { runRecordLine } from './run-record';
import { hasFailed, policyCounts } from './run-shape';
import { shownNames } from './shown-names';

/** Of a wide map that failed in every item, these tell the story; CloudWatch cuts an event at 1 MB. */
const MAX_ERRORS = 20;

/** One line a run: what happened, never what was said. */
export function logRun({ runId, record, firstTextMs, work }: RunReport): void {
  const { graph, status, wallMs, overheadMs, criticalPath, costUsd, copySeconds, usage, nodes } = record;
  const errors = distinctErrors(Object.values(nodes));
  const shown = shownNames(record);
  write(hasFailed(record) ? 'ERROR' : 'INFO', `run ${status}`, {
    runId,
    agent: graph,
    ...(work && { work }),
    wallMs: Math.round(wallMs),
    ...(firstTextMs !== undefined && { firstTextMs: Math.round(firstTextMs) }),
    overheadMs: Math.round(overheadMs * 1000) / 1000,
    criticalPath: criticalPath.map(shown),
    costUsd,
    ...(copySeconds !== undefined && { copySeconds: Math.round(copySeconds * 1000) / 1000 }),
    usage,
    ...happened(policyCounts(Object.values(nodes).flatMap(({ calls }) => calls))),
    errorCount: errors.length,
    errors: errors.slice(0, MAX_ERRORS).map((error) => describeError({ ...error, at: shown(error.at) })),
  });
}

/** The whole record in one line, of runs that are configured to leave one. */
export function logRunRecord(report: RunReport): void {
  const line = runRecordLine(report, new Date());
  if (line !== undefined) process.stdout.write(`${line}\n`);
}

function happened(counts: Readonly<Record<string, number>>): object {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
}

/** An error that ended a call is also that of its node, and of each node that it stopped. */
function distinctErrors(nodes: readonly NodeRecord[]): ErrorRecord[] {
  const errors = nodes.flatMap(({ error, calls }) => [error, ...calls.map((call) => call.error)]);
  return [
    ...new Map(
      errors.flatMap((error) => (error ? [[`${error.at} ${error.kind} ${error.message}`, error]] : [])),
    ).values(),
  ];
}

/** An error outside every node, such as that of a schema which throws. Its message may quote the input, so its class must do. */
export function logFault(runId: string, agent: string | undefined, error: unknown): void {
  write('ERROR', 'unexpected error', { runId, agent, thrown: error instanceof Error ? error.name : typeof error });
}

/** A run that could not begin. What is wrong with a configuration quotes no input. */
export function logConfigFault(runId: string, agent: string, fault: string): void {
  write('ERROR', 'the agent is not configured', { runId, agent, fault });
}

/** A configuration that may be out of date, and that runs go on with. */
export function logStaleConfig(fault: string): void {
  write('ERROR', 'the configuration cannot be read again: the former one stays in use', { fault });
}

/** A table of tenants that cannot be asked. @param fault name of the error, such as `AccessDeniedException` */
export function logUnchecked(agent: string, fault: string): void {
  write('ERROR', 'runs begin without a look at the limits of tenants: their table does not answer', { agent, fault });
}

/** The service's own message may quote the request, and so may that of a thrown error: neither is logged. */
function describeError({ at, kind, message, service, thrown }: ErrorRecord): object {
  if (thrown !== undefined) return { at, kind, thrown };
  return { at, kind, message, code: service?.code, requestId: service?.requestId };
}

/** One JSON document a line, which CloudWatch can query field by field. */
function write(level: 'INFO' | 'ERROR', message: string, fields: object): void {
  const line = { level, message, service: 'orchestrator', timestamp: new Date().toISOString(), ...fields };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
