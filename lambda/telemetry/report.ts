import type { RunError } from '../../core/run/errors';
import type { RunRecord } from '../../core/run/record';
import { logRun } from './log';
import { publishMetrics, publishWarming } from './metrics';

/** A run that has ended. */
export interface RunReport {
  readonly runId: string;
  readonly record: RunRecord;
  /** Why it brought no output. Its message and causes may quote what nodes were given: never log them. */
  readonly error?: RunError;
  /** Of an agent that is warmed. */
  readonly warming?: WarmingReport;
}

/** What warming did for a run, and in its process since the run before. */
export interface WarmingReport {
  /** Messages to the warmer. */
  readonly requests: number;
  /** What could not be read or told; runs went on without. */
  readonly failures: number;
  /** How much longer the run would have waited for copies without. */
  readonly savedMs: number;
}

/** Metrics and a log line, on standard output, from where Lambda takes both to CloudWatch. */
export function reportRun(report: RunReport): void {
  publishMetrics(report.record, report.error?.kind);
  if (report.warming) publishWarming(report.record.graph, report.warming);
  logRun(report);
}
