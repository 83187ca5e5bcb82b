import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import type { PlanWorkload } from '../../sim/planner/spans';
import { type SyntheticWorkload, workloadFaults } from '../../sim/workload/synthetic';
import { detectFormat, TRACE_LOADERS, type TraceFormatName } from '../../sim/workload/traces/detect-format';
import { linesOf } from '../../sim/workload/traces/lines';
import { TraceError } from '../../sim/workload/traces/trace-error';
import { UsageError } from '../usage';

export interface ReadWorkload {
  readonly workload: PlanWorkload;
  /** What was left out of a trace, in words. */
  readonly notes: readonly string[];
}

/** Indented JSON shows its fields in the first twenty. */
const LINES_OF_FORMAT = 20;

/**
 * Reads a trace of any known format, or a synthetic workload.
 *
 * @throws UsageError, TraceError, or Error that lists every fault
 */
export async function readWorkload(path: string, skipBad: boolean): Promise<ReadWorkload> {
  if (!existsSync(path)) throw new UsageError(`there is no workload ${path}`);
  if (!statSync(path).isFile()) throw new UsageError(`${path} is no file; name the workload itself`);
  const format = await formatOf(path);
  if (format === 'synthetic') return { workload: { kind: 'synthetic', model: readSynthetic(path) }, notes: [] };
  if (format === 'servegen') {
    throw new UsageError(`${path} has rates, not requests: describe the load as a synthetic workload`);
  }
  const lines = linesOf(createReadStream(path, 'utf8'));
  const { requests, skipped, failures } = await TRACE_LOADERS[format](lines, { file: path, skipBad });
  const notes = [
    ...(skipped > 0 ? [`skipped bad lines: ${skipped}`] : []),
    ...(failures > 0 ? [`left out requests that failed where the trace was taken: ${failures}`] : []),
  ];
  return { workload: { kind: 'trace', requests }, notes };
}

/** JSON that is no trace is a synthetic workload. */
async function formatOf(path: string): Promise<TraceFormatName | 'synthetic'> {
  const first: string[] = [];
  for await (const line of linesOf(createReadStream(path, 'utf8'))) {
    first.push(line);
    if (first.length === LINES_OF_FORMAT) break;
  }
  try {
    return detectFormat(first, path);
  } catch (error) {
    if (error instanceof TraceError && path.endsWith('.json')) return 'synthetic';
    throw error;
  }
}

function readSynthetic(path: string): SyntheticWorkload {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new Error(`${path} is no JSON: ${(error as Error).message}`, { cause: error });
  }
  const faults = [...workloadFaults('workload', value)];
  if (faults.length > 0) {
    throw new Error(`${path} is no synthetic workload:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
  }
  return value as SyntheticWorkload;
}
