import { join } from 'node:path';
import { type Bundle, bundle } from './bundle.ts';
import { ask } from './child.ts';
import type { BenchEngine } from './engines.ts';
import type { Footprint } from './measurements.ts';
import { median } from './statistics.ts';

/** Size and import time of the engines that have a library. They take turns, so that noise hits all alike. */
export async function measureFootprints(engines: readonly BenchEngine[], imports: number): Promise<Footprint[]> {
  const libraries: { readonly engine: BenchEngine; readonly file: Bundle; readonly samplesMs: number[] }[] = [];
  for (const engine of engines) {
    if (engine.library === undefined) continue;
    libraries.push({ engine, file: await bundle(`${engine.id}-library`, engine.library), samplesMs: [] });
  }
  for (let i = 0; i < imports; i++) {
    for (const { file, samplesMs } of libraries) samplesMs.push(await ask<number>(IMPORT_TIME, [file.path]));
  }
  return libraries.map(({ engine, file, samplesMs }) => ({
    engine,
    minifiedBytes: file.bytes,
    importMs: median(samplesMs),
  }));
}

const IMPORT_TIME = join(import.meta.dirname, 'import-time.ts');
