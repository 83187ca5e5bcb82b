import { join } from 'node:path';
import { bundle } from '../bundle.ts';
import { ask } from '../child.ts';
import type { LogAccuracy, SimulationFigures, SimulatorFigures } from '../measurements.ts';

/** Of the table that shows how the time grows. */
const COUNTS = [1e4, 1e5, 5e5, 2e6] as const;

/**
 * Each figure in a fresh process, one after another.
 *
 * @param rounds of each figure; the one of the least CPU time counts, as whatever else runs only adds to it
 * @param traces folder of the real traces; absent, the fourteen days are synthetic, and nothing tells the accuracy
 */
export async function measureSimulator(rounds: number, traces: string | undefined): Promise<SimulatorFigures> {
  const { path } = await bundle('simulator', `export * from './simulator/subject.ts';`);
  const best = async (what: string, count = 0): Promise<SimulationFigures> => {
    const figures: SimulationFigures[] = [];
    for (let round = 0; round < rounds; round++) {
      console.error(`${what} ${count || ''}`.trim());
      figures.push(await ask<SimulationFigures>(CELL, [path, what, count, traces ?? '']));
    }
    return figures.reduce((least, each) => (each.cpuSeconds < least.cpuSeconds ? each : least));
  };
  const byCount: SimulationFigures[] = [];
  for (const count of COUNTS) byCount.push(await best('steady', count));
  return {
    byCount,
    twoWeeks: await best(traces === undefined ? 'daily' : 'servegen'),
    isServeGen: traces !== undefined,
    accuracy: traces === undefined ? [] : await ask<LogAccuracy[]>(CELL, [path, 'accuracy', 0, traces]),
  };
}

const CELL = join(import.meta.dirname, 'cell.ts');
