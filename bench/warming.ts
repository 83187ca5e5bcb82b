// Usage: npm run bench:warming -- [--seeds N] [--workload name] [--json]
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bundle } from './bundle.ts';
import { ask } from './child.ts';
import { circumstances, writeResults } from './results.ts';
import type { DecisionFigures, WorkloadFigures } from './warming/figures.ts';
import { report } from './warming/report.ts';

const WORKLOADS = ['bursty sparse', 'sparse batches', 'sparse batches and strays', 'diurnal', 'rare specialists'];

const { values: options } = parseArgs({
  options: {
    seeds: { type: 'string', default: '2' },
    workload: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});

const seeds = Array.from({ length: Number(options.seeds) }, (_, at) => at + 1);
const { path } = await bundle('warming', `export * from './warming/subject.ts';`);
const cell = join(import.meta.dirname, 'warming', 'cell.ts');
const decision = await ask<DecisionFigures>(cell, [path, 'decision']);
const workloads: WorkloadFigures[] = [];
for (const workload of options.workload === undefined ? WORKLOADS : [options.workload]) {
  console.error(workload);
  workloads.push(await ask<WorkloadFigures>(cell, [path, workload, ...seeds]));
}

if (options.json) {
  console.log(JSON.stringify({ decision, workloads }, null, 2));
} else {
  const text = report({ decision, workloads }, { ...circumstances(), command: 'npm run bench:warming', seeds });
  console.log(text);
  // A part of the figures must not pass for all of them.
  if (options.workload === undefined) writeResults(text);
}
