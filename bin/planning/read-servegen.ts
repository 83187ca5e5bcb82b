import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { linesOf } from '../../sim/workload/traces/lines';
import type { TraceTable } from '../../sim/workload/traces/read-table';
import { type LoadedServeGen, loadServeGen, type ServeGenTables } from '../../sim/workload/traces/servegen';
import { textOf } from '../text-of';
import { UsageError } from '../usage';
import { inRate, type WorkloadOptions } from './workload-options';

const SEED = 1;

/** What tells each table from the others; see `ServeGenTables`. */
const MARKS: Readonly<Record<keyof ServeGenTables, readonly string[]>> = {
  rates: ['model', 't', 'rate_rps'],
  tokens: ['model', 't6h', 'field'],
  clients: ['model', 'client', 't', 'rate', 'dist', 'p1'],
};

/**
 * Requests drawn from the tables of ServeGen in a folder, which are known by their columns.
 *
 * @throws UsageError if a table or an option is missing, TraceError if a table is bad
 */
export async function readServeGen(folder: string, options: WorkloadOptions): Promise<LoadedServeGen> {
  const { model, ratePerSecond, skipBad } = options;
  const found = await tablesIn(folder);
  const missing = (['rates', 'tokens'] as const).filter((table) => !found.has(table));
  if (missing.length > 0) {
    const columns = missing.map((table) => `${table} (${MARKS[table].join(', ')})`);
    throw new UsageError(
      `${folder} has no table of ServeGen with ${columns.join(', nor with ')}; name a trace, or add it`,
    );
  }
  if (model === undefined) {
    throw new UsageError(`--model is missing: ${folder} may have rates of several, as m-large and m-small`);
  }
  if (ratePerSecond === undefined) {
    throw new UsageError(
      `--rate is missing: ${folder} has the rates of a whole provider; name the mean to scale them to, such as --rate 2.5`,
    );
  }
  const { rates, tokens, clients } = Object.fromEntries(found) as unknown as ServeGenTables;
  const tables = { rates, tokens, ...(clients && { clients }) };
  return inRate(() => loadServeGen(tables, { model, meanRatePerSecond: ratePerSecond, seed: SEED, skipBad }));
}

async function tablesIn(folder: string): Promise<Map<keyof ServeGenTables, TraceTable>> {
  const found = new Map<keyof ServeGenTables, TraceTable>();
  for (const name of readdirSync(folder).sort()) {
    if (!/\.csv(\.gz)?$/.test(name)) continue;
    const path = join(folder, name);
    const columns = await columnsOf(path);
    for (const [table, marks] of Object.entries(MARKS)) {
      if (!marks.every((mark) => columns.includes(mark))) continue;
      found.set(table as keyof ServeGenTables, { file: path, lines: linesOf(textOf(path)) });
    }
  }
  return found;
}

async function columnsOf(path: string): Promise<readonly string[]> {
  for await (const line of linesOf(textOf(path))) return line.split(',').map((column) => column.trim());
  return [];
}
