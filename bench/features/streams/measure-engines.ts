import { join } from 'node:path';
import { bundle } from '../../bundle.ts';
import { ask } from '../../child.ts';
import { type BenchEngine, ENGINES, OURS } from '../../engines.ts';
import { PEERS } from '../idle.ts';
import type { StreamExtent, StreamFigures } from './measure.ts';

export interface EngineStreams extends StreamFigures {
  readonly engine: BenchEngine;
}

export async function measureEngineStreams({ parts, runs }: StreamExtent): Promise<EngineStreams[]> {
  const cell = join(import.meta.dirname, 'cell.ts');
  const found: EngineStreams[] = [];
  for (const engine of [ENGINES.find(({ id }) => id === OURS)!, ...PEERS]) {
    const { path } = await bundle(`streams-${engine.id}`, `export * from './features/streams/${engine.id}.ts';`);
    found.push({ engine, ...(await ask<StreamFigures>(cell, [path, parts, runs])) });
  }
  return found;
}
