import { Logger } from '@aws-lambda-powertools/logger';
import type { ErrorRecord } from '../../core/run/record';
import type { RunReport } from './report';

const logger = new Logger({ serviceName: 'orchestrator' });

/** One line a run: what happened, never what was said. */
export function logRun({ runId, record }: RunReport): void {
  const { graph, status, wallMs, overheadMs, criticalPath, costUsd, usage, nodes } = record;
  const errors = Object.values(nodes).flatMap(({ error, calls }) => [error, ...calls.map((call) => call.error)]);
  const failed = status !== 'succeeded';
  logger[failed ? 'error' : 'info'](`run ${status}`, {
    runId,
    agent: graph,
    wallMs: Math.round(wallMs),
    overheadMs: Math.round(overheadMs * 1000) / 1000,
    criticalPath,
    costUsd,
    usage,
    errors: errors.filter((error) => error !== undefined).map(describeError),
  });
}

/** The service's own message may quote the request, and so may that of a thrown error: neither is logged. */
function describeError({ at, kind, message, service, thrown }: ErrorRecord): object {
  if (thrown !== undefined) return { at, kind, thrown };
  return { at, kind, message, code: service?.code, requestId: service?.requestId };
}
