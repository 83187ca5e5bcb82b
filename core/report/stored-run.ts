import { isObject } from '../graph/field-faults';
import type { RunRecord } from '../run/record';

/** The message of the log line that holds the record of a run. */
export const RUN_RECORD_MESSAGE = 'run record';

/** Of the form in which records are stored; a reader refuses those that it does not know. */
export const RUN_RECORD_VERSION = 1;

/**
 * What is kept of a run, as fields of a log line. Tasks of plans have the names by which logs call them, and errors say nothing
 * that may quote a prompt or an answer.
 */
export interface StoredRun {
  readonly version: typeof RUN_RECORD_VERSION;
  readonly runId: string;
  /** When the run ended, in ISO 8601. */
  readonly timestamp: string;
  readonly record: RunRecord;
  /** Where the prices are from by which its cost was computed, by component; what is not named has no price and counts as free. */
  readonly priceSources?: Readonly<Record<string, string>>;
  /** Of each node with more calls than a log line holds, how many are not in its record: the shortest ones. */
  readonly callsLeftOut?: Readonly<Record<string, number>>;
}

/**
 * Reads a log line.
 *
 * @returns undefined if it is another line than that of a record
 * @throws Error if it is one of a version that is not known
 */
export function readStoredRun(line: string): StoredRun | undefined {
  const fields = parseObject(line);
  if (fields?.message !== RUN_RECORD_MESSAGE || typeof fields.runId !== 'string') return undefined;
  if (fields.version !== RUN_RECORD_VERSION || !isObject(fields.record)) {
    throw new Error(
      `the record of run ${fields.runId} has version ${JSON.stringify(fields.version)}, and version ${RUN_RECORD_VERSION} can be read: use the release that wrote it`,
    );
  }
  return fields as unknown as StoredRun;
}

function parseObject(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
