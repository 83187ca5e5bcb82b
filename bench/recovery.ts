// Usage: npm run bench:recovery -- [--seeds N] [--study steps|targets|worth|throughput] [--json]
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bundle } from './bundle.ts';
import { ask } from './child.ts';
import type { RecoveryFigures } from './recovery/studies.ts';
import { circumstances, writeResults } from './results.ts';

const DEFAULT_SEEDS = 5;

const { values: options } = parseArgs({
  options: {
    seeds: { type: 'string', default: String(DEFAULT_SEEDS) },
    study: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});

const { path } = await bundle('recovery', `export * from './recovery/subject.ts';`);
const { report, tasksOf }: typeof import('./recovery/subject.ts') = createRequire(import.meta.url)(path);
const cell = join(import.meta.dirname, 'recovery', 'cell.ts');

const seeds = Array.from({ length: Number(options.seeds) }, (_, at) => at + 1);
const tasks = tasksOf(seeds).filter(({ study }) => options.study === undefined || study === options.study);
const parts: Partial<RecoveryFigures>[] = [];

/** Nothing here is timed, so that all cores may work. */
async function work(): Promise<void> {
  for (let task = tasks.shift(); task; task = tasks.shift()) {
    console.error(`${task.study}: ${task.of}, seed ${task.seed}`);
    parts.push(await ask<Partial<RecoveryFigures>>(cell, [path, task.study, task.of, task.seed]));
  }
}
await Promise.all(Array.from({ length: availableParallelism() }, work));

const figures: RecoveryFigures = {
  steps: parts.flatMap(({ steps = [] }) => steps),
  targets: parts.flatMap(({ targets = [] }) => targets),
  worth: parts.flatMap(({ worth = [] }) => worth),
  throughput: parts.flatMap(({ throughput = [] }) => throughput),
};
if (options.json) {
  console.log(JSON.stringify(figures, null, 2));
} else {
  const text = report(figures, { ...circumstances(), command: 'npm run bench:recovery', seeds });
  console.log(text);
  // A part of the figures must not pass for all of them.
  if (options.study === undefined && seeds.length >= DEFAULT_SEEDS) writeResults(text);
}
