import type { RunError } from '../../core/run/errors';
import type { RunRecord } from '../../core/run/record';
import { logRun } from './log';
import { publishMetrics } from './metrics';

/** A run that has ended. */
export interface RunReport {
  readonly runId: string;
  readonly record: RunRecord;
  /** Why it brought no output. Its message and causes may quote what nodes were given: never log them. */
  readonly error?: RunError;
}

/** Metrics and a log line, on standard output, from where Lambda takes both to CloudWatch. */
export function reportRun(report: RunReport): void {
  publishMetrics(report.record, report.error?.kind);
  logRun(report);
}
