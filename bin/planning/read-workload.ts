import { existsSync, statSync } from 'node:fs';
import type { PlanWorkload } from '../../sim/planner/spans';
import type { RequestList } from '../../sim/workload/request-list';
import { scaleRate } from '../../sim/workload/scale-rate';
import { type SyntheticWorkload, workloadFaults } from '../../sim/workload/synthetic';
import { detectFormat, TRACE_LOADERS, type TraceFormatName } from '../../sim/workload/traces/detect-format';
import { linesOf } from '../../sim/workload/traces/lines';
import { TraceError } from '../../sim/workload/traces/trace-error';
import { textOf } from '../text-of';
import { UsageError } from '../usage';
import { readServeGen } from './read-servegen';
import { inRate, type WorkloadOptions } from './workload-options';

export interface ReadWorkload {
  readonly workload: PlanWorkload;
  /** What was left out of a trace, in words. */
  readonly notes: readonly string[];
}

/** Indented JSON shows its fields in the first twenty. */
const LINES_OF_FORMAT = 20;

/** Of the draws that scaling to a rate takes. */
const SEED = 1;

/**
 * Reads a trace of any known format, packed or not, the tables of ServeGen in a folder, or a synthetic workload.
 *
 * @throws UsageError, TraceError, or Error that lists every fault
 */
export async function readWorkload(path: string, options: WorkloadOptions): Promise<ReadWorkload> {
  const { skipBad, ratePerSecond, model } = options;
  if (!existsSync(path)) throw new UsageError(`there is no workload ${path}`);
  if (statSync(path).isDirectory()) return readTables(path, options);
  if (model !== undefined)
    throw new UsageError(`--model is for folders with tables of ServeGen, and ${path} is a file`);
  const format = await formatOf(path);
  if (format === 'servegen') {
    throw new UsageError(`${path} is one table of ServeGen, and its requests take several: name their folder`);
  }
  if (format === 'synthetic') {
    const synthetic = await readSynthetic(path);
    const scaled = ratePerSecond === undefined ? synthetic : { ...synthetic, meanRatePerSecond: ratePerSecond };
    return { workload: { kind: 'synthetic', model: scaled }, notes: [] };
  }
  const loaded = await TRACE_LOADERS[format](linesOf(textOf(path)), { file: path, skipBad });
  const { skipped, outOfOrder, firstFault, failures } = loaded;
  const { requests, notes } =
    ratePerSecond === undefined ? { ...loaded, notes: [] } : await scaled(loaded.requests, ratePerSecond);
  return {
    workload: { kind: 'trace', requests },
    notes: [
      ...(skipped > 0
        ? [`skipped bad lines: ${skipped}, of which out of order: ${outOfOrder}; the first: ${firstFault}`]
        : []),
      ...(failures > 0 ? [`left out requests that failed where the trace was taken: ${failures}`] : []),
      ...notes,
    ],
  };
}

/** With its shape over time and its bursts. */
async function scaled(requests: RequestList, ratePerSecond: number) {
  const recorded = requests.count / (requests.durationUs / 1e6);
  const notes = [`scaled from ${Number(recorded.toPrecision(3))} to ${ratePerSecond} requests per second`];
  return { requests: await inRate(() => scaleRate(requests, ratePerSecond / recorded, SEED)), notes };
}

async function readTables(folder: string, options: WorkloadOptions): Promise<ReadWorkload> {
  const { requests, skipped, firstFault, missingWindows } = await readServeGen(folder, options);
  return {
    workload: { kind: 'trace', requests },
    notes: [
      ...(skipped > 0 ? [`skipped bad lines: ${skipped}; the first: ${firstFault}`] : []),
      ...(missingWindows > 0
        ? [`windows that the rates lack, taken to be like those before them: ${missingWindows}`]
        : []),
    ],
  };
}

/** JSON that is no trace is a synthetic workload. */
async function formatOf(path: string): Promise<TraceFormatName | 'synthetic'> {
  const first: string[] = [];
  for await (const line of linesOf(textOf(path))) {
    first.push(line);
    if (first.length === LINES_OF_FORMAT) break;
  }
  try {
    return detectFormat(first, path);
  } catch (error) {
    if (error instanceof TraceError && /\.json(\.gz)?$/.test(path)) return 'synthetic';
    throw error;
  }
}

async function readSynthetic(path: string): Promise<SyntheticWorkload> {
  let text = '';
  for await (const piece of textOf(path)) text += piece;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`${path} is no JSON: ${(error as Error).message}`, { cause: error });
  }
  const faults = [...workloadFaults('workload', value)];
  if (faults.length > 0) {
    throw new Error(`${path} is no synthetic workload:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
  }
  return value as SyntheticWorkload;
}
