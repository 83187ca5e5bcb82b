import { join } from 'node:path';
import { bundle } from './bundle.ts';
import { ask } from './child.ts';
import { DAGS, type Dag } from './dags.ts';
import type { BenchEngine } from './engines.ts';
import type { Cell } from './measurements.ts';

/** Processes of a cell and runs in each of them. */
export interface Extent {
  readonly rounds: number;
  readonly usual: Runs;
  /** For 1,000 nodes on a slow engine. */
  readonly slow: Runs;
}

export interface Runs {
  readonly warmUps: number;
  readonly timed: number;
}

/** Each DAG on every engine, each time in a fresh process. Engines take turns, so that noise hits all alike. */
export async function race(
  engines: readonly BenchEngine[],
  extent: Extent,
  dags: readonly Dag[] = DAGS,
): Promise<Cell[]> {
  const adapters: string[] = [];
  for (const { id } of engines) adapters.push((await bundle(id, `export * from './engines/${id}.ts';`)).path);

  const cells = dags.flatMap((dag) =>
    engines.map((engine, i) => ({ engine, dag, path: adapters[i]!, samplesMs: [] as number[] })),
  );
  for (let round = 1; round <= extent.rounds; round++) {
    console.error(`round ${round} of ${extent.rounds}`);
    for (const { engine, dag, path, samplesMs } of cells) {
      const { warmUps, timed } = isLong(engine, dag) ? extent.slow : extent.usual;
      samplesMs.push(...(await ask<number[]>(CELL, [path, dag.id, warmUps, timed])));
    }
  }
  return cells;
}

const CELL = join(import.meta.dirname, 'cell.ts');

function isLong({ isSlow = false }: BenchEngine, { nodes }: Dag): boolean {
  return isSlow && nodes.length >= 1_000;
}
