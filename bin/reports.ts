import { copyTime } from '../core/report/units';
import { CallError, type RunError, type RunRecord, sumCalls } from '../core/run';
import type { RunReport } from '../lambda/orchestrator';
import type { ComponentSnapshot } from '../local/world';

/** A run in one line: what it took, what decided that, and what went wrong. */
export function formatRun({ record, error }: RunReport): string {
  const { graph, status, wallMs, criticalPath, costUsd, copySeconds } = record;
  const cold = coldNodes(record);
  const spilled = spilledNodes(record);
  return [
    `${graph} ${status} in ${Math.round(wallMs)} ms`,
    criticalPath.join(' > '),
    ...(cold.length > 0 ? [`cold: ${cold.join(', ')}`] : []),
    ...(spilled.length > 0 ? [`spilled over: ${spilled.join(', ')}`] : []),
    ...(copySeconds !== undefined ? [copyTime(copySeconds)] : []),
    ...(costUsd > 0 ? [`$${costUsd.toFixed(6)}`] : []),
    ...(error ? [explain(error)] : []),
  ].join(' | ');
}

/** Components that are awake, in one line; copies on their way with the real seconds until they serve. */
export function formatWorld(snapshot: readonly ComponentSnapshot[], speed: number): string {
  return snapshot
    .flatMap(({ id, state }) => (state?.copies.length ? [`${id}: ${describeCopies(state, speed)}`] : []))
    .join('  ');
}

function describeCopies({ copies }: NonNullable<ComponentSnapshot['state']>, speed: number): string {
  return copies
    .map((copy) => {
      if (copy.status === 'pending') return 'waiting for an instance';
      if (copy.status === 'starting') return `${copy.stage} ${Math.ceil(copy.remainingSeconds / speed)} s`;
      return `${copy.status === 'draining' ? 'draining' : 'serving'} ${copy.concurrency}`;
    })
    .join(', ');
}

function coldNodes({ nodes }: RunRecord): string[] {
  return Object.entries(nodes).flatMap(([id, { calls }]) => (sumCalls(calls).coldMs > 0 ? [id] : []));
}

/** Nodes of which another than the first backend answered a call. */
function spilledNodes({ nodes }: RunRecord): string[] {
  return Object.entries(nodes).flatMap(([id, { calls }]) =>
    calls.some(({ alternative = 0 }) => alternative > 0) ? [id] : [],
  );
}

/** With the words of whoever failed: on the developer's own machine nothing has to be kept from them. */
function explain({ message, cause }: RunError): string {
  const origin = cause instanceof CallError ? (cause.cause as { message?: string } | undefined)?.message : undefined;
  return origin && !message.includes(origin) ? `${message}: ${origin}` : message;
}
