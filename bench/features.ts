// Usage: npm run bench:features -- [--quick] [--json]
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bundle } from './bundle.ts';
import { ask } from './child.ts';
import { measureDoor } from './features/door/measure.ts';
import type { FeatureExtent, FeatureFigures } from './features/figures.ts';
import { measureIdle } from './features/idle.ts';
import type { PlannerFigures } from './features/planner.ts';
import { report } from './features/report.ts';
import { measureEngineStreams } from './features/streams/measure-engines.ts';
import { circumstances, writeResults } from './results.ts';

const FULL: FeatureExtent = {
  idle: { rounds: 9, empty: { warmUps: 15, timed: 40 }, timed: { warmUps: 5, timed: 20 } },
  planner: { tasks: [5, 20], runs: 20 },
  streams: { parts: 1_000, runs: 5 },
  door: {
    requests: 100,
    pace: { firstMs: 10, gapMs: 4, tokens: 20 },
    load: { streams: 500, pace: { firstMs: 100, gapMs: 80, tokens: 250 }, rounds: 3 },
  },
};

const QUICK: FeatureExtent = {
  idle: { rounds: 1, empty: { warmUps: 15, timed: 40 }, timed: { warmUps: 2, timed: 5 } },
  planner: { tasks: [5, 20], runs: 5 },
  streams: { parts: 1_000, runs: 2 },
  door: {
    requests: 20,
    pace: { firstMs: 10, gapMs: 4, tokens: 20 },
    load: { streams: 500, pace: { firstMs: 100, gapMs: 80, tokens: 80 }, rounds: 2 },
  },
};

const args = process.argv.slice(2);
const { values: options } = parseArgs({
  args,
  options: {
    json: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
  },
});

const extent = options.quick ? QUICK : FULL;

console.error('every feature on, and idle');
const idle = await measureIdle(extent.idle);
console.error('plans');
const { path } = await bundle('planner', `export * from './features/planner.ts';`);
const cell = join(import.meta.dirname, 'features', 'planner-cell.ts');
const planner: PlannerFigures[] = [];
for (const tasks of extent.planner.tasks) planner.push(await ask(cell, [path, tasks, extent.planner.runs]));
console.error('streams of a run');
const streams = await measureEngineStreams(extent.streams);
console.error('the streaming door');
const door = await measureDoor(extent.door);
const figures: FeatureFigures = { idle, planner, streams, door };

if (options.json) {
  console.log(JSON.stringify(figures, null, 2));
} else {
  const command = ['npm run bench:features', ...(args.length > 0 ? ['--', ...args] : [])].join(' ');
  const text = report(figures, { ...circumstances(), command, extent });
  console.log(text);
  // A part of the figures must not pass for all of them.
  if (!options.quick) writeResults(text);
}
