import { bundle } from '../bundle.ts';
import { ask } from '../child.ts';
import { median } from '../statistics.ts';

/** Milliseconds that a fresh process takes to build and check a graph of 10,000 nodes. */
export async function measureGraph(runs: number): Promise<number> {
  const { path } = await bundle('graph-cell', `import './graph/cell.ts';`);
  const samplesMs: number[] = [];
  for (let i = 0; i < runs; i++) samplesMs.push(await ask<number>(path, []));
  return median(samplesMs);
}
