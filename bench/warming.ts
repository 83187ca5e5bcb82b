// Usage: npm run bench:warming -- [--seeds N] [--workload name | --timings] [--json]
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bundle } from './bundle.ts';
import { ask } from './child.ts';
import { measureWarmRequests } from './handler/measure-warmed.ts';
import { circumstances, writeResults } from './results.ts';
import type { DecisionFigures, TimingFigures, WorkloadFigures } from './warming/figures.ts';
import { report } from './warming/report.ts';
import { timingsReport } from './warming/timings-report.ts';

const WORKLOADS = ['bursty sparse', 'sparse batches', 'sparse batches and strays', 'diurnal', 'rare specialists'];

const { values: options } = parseArgs({
  options: {
    seeds: { type: 'string', default: '2' },
    workload: { type: 'string' },
    timings: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});

const { path } = await bundle('warming', `export * from './warming/subject.ts';`);
const cell = join(import.meta.dirname, 'warming', 'cell.ts');
const isWhole = options.workload === undefined;
const timings = isWhole ? await measureTimings() : undefined;
const seeds = Array.from({ length: Number(options.seeds) }, (_, at) => at + 1);
const workloads = options.timings ? [] : await measureWorkloads(isWhole ? WORKLOADS : [options.workload!]);

if (options.json) {
  console.log(JSON.stringify({ ...timings, workloads }, null, 2));
} else {
  const parts: string[] = [];
  if (workloads.length > 0) {
    parts.push(report(workloads, { ...circumstances(), command: 'npm run bench:warming', seeds }));
  }
  if (timings) {
    const load = loadavg()[0]!;
    parts.push(timingsReport(timings, { ...circumstances(), command: 'npm run bench:warming -- --timings', load }));
  }
  for (const part of parts) {
    console.log(part);
    // A part of the figures must not pass for all of them.
    if (isWhole) writeResults(part);
  }
}

async function measureTimings(): Promise<TimingFigures> {
  return {
    decision: await ask<DecisionFigures>(cell, [path, 'decision']),
    requests: await measureWarmRequests(),
  };
}

async function measureWorkloads(names: readonly string[]): Promise<WorkloadFigures[]> {
  const figures: WorkloadFigures[] = [];
  for (const workload of names) {
    console.error(workload);
    figures.push(await ask<WorkloadFigures>(cell, [path, workload, ...seeds]));
  }
  return figures;
}
