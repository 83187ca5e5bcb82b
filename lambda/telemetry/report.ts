import type { RunRecordLevel } from '../../core/api/config-variable';
import type { RunError } from '../../core/run/errors';
import type { RunRecord } from '../../core/run/record';
import { logRun, logRunRecord } from './log';
import { publishMetrics, publishWarming } from './metrics';

/** A run that has ended. */
export interface RunReport {
  readonly runId: string;
  readonly record: RunRecord;
  /** Why it brought no output. Its message and causes may quote what nodes were given: never log them. */
  readonly error?: RunError;
  /** Of a run that was read while it went on: how long its first text took. */
  readonly firstTextMs?: number;
  /** Left out of interactive runs. */
  readonly work?: 'batch';
  /** Of which runs the record is logged, as it is configured. @default 'all' */
  readonly runRecords?: RunRecordLevel;
  /** Where the prices are from by which its cost was computed, by component; left out if none has a price. */
  readonly priceSources?: Readonly<Record<string, string>>;
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

/** Metrics, a log line and the record, on standard output, from where Lambda takes both to CloudWatch. */
export function reportRun(report: RunReport): void {
  publishMetrics(report.record, report.error?.kind, report.firstTextMs);
  if (report.warming) publishWarming(report.record.graph, report.warming);
  logRun(report);
  logRunRecord(report);
}
