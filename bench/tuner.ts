// Usage: node bench/tuner.ts [--components N] [--ticks N] [--json]
import { createRequire } from 'node:module';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bundle } from './bundle.ts';
import { ask } from './child.ts';
import { circumstances, writeResults } from './results.ts';
import { table } from './table.ts';
import type { TickFigures } from './tuner/subject.ts';

const DEFAULT_COMPONENTS = 200;

const { values: options } = parseArgs({
  options: {
    components: { type: 'string', default: String(DEFAULT_COMPONENTS) },
    ticks: { type: 'string', default: '14' },
    json: { type: 'boolean', default: false },
  },
});

const MINUTE_MS = 60_000;

/** Node.js takes as much memory as it may: the heap of a function of 256 MB, with room for what is beside it. */
const SMALL_FUNCTION = '--max-old-space-size=128 --max-semi-space-size=8';

const components = Number(options.components);
const ticks = Number(options.ticks);
const beginMs = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
const { path } = await bundle('tuner', `export * from './tuner/subject.ts';`);
const subject: typeof import('./tuner/subject.ts') = createRequire(import.meta.url)(path);
const url = await subject.startStack(components, ticks, beginMs);
const cell = join(import.meta.dirname, 'tuner', 'cell.ts');
const figures = await ask<TickFigures>(cell, [path, url, components, ticks, beginMs], { NODE_OPTIONS: SMALL_FUNCTION });

if (options.json) {
  console.log(JSON.stringify(figures, null, 2));
} else {
  const { date, machine } = circumstances();
  const { firstTickMs, firstCpuMs, ticksMs, cpuMs, maxMemoryMiB, done } = figures;
  const median = ticksMs.toSorted((a, b) => a - b)[Math.floor(ticksMs.length / 2)]!;
  const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`;
  const text = `# Tuner: one tick over ${components} components

${date}, ${machine}. Command: \`npm run bench:tuner\`. Function and local stack in two processes, over the AWS protocols;
objectives of two of the fifty agents are split in each tick; load average meanwhile ${loadavg()[0]!.toFixed(1)} on ${cpus().length} cores, of which these two processes are at most 2.

${table(
  ['', 'figure'],
  [
    ['first tick, reads an hour', seconds(firstTickMs)],
    ['first tick, CPU of the function', seconds(firstCpuMs)],
    ['a later tick, median', seconds(median)],
    ['a later tick, slowest', seconds(Math.max(...ticksMs))],
    ['a later tick, CPU of the function', seconds(cpuMs)],
    ['memory of the function, at most', `${Math.round(maxMemoryMiB)} MiB`],
    ['changes in all ticks', String(done)],
  ],
)}`;
  console.log(text);
  // Figures of another size are not those of the goal.
  if (components === DEFAULT_COMPONENTS) writeResults(text);
}
process.exit();
