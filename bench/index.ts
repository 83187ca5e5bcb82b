// Usage: npm run bench -- [--quick] [--only <engine>]... [--json]
import { parseArgs } from 'node:util';
import { ENGINES } from './engines.ts';
import { measureFootprints } from './footprints.ts';
import { measureGraph } from './graph/measure.ts';
import { measureHandler } from './handler/measure.ts';
import type { Measurements } from './measurements.ts';
import { type Extent, race } from './race.ts';
import { report } from './report.ts';
import { circumstances, writeResults } from './results.ts';
import { rowOf } from './rows.ts';
import { measureSynth } from './synth/measure.ts';

const FULL = { rounds: 7, usual: { warmUps: 15, timed: 40 }, slow: { warmUps: 3, timed: 20 } } satisfies Extent;
const QUICK = { rounds: 1, usual: { warmUps: 15, timed: 20 }, slow: { warmUps: 3, timed: 5 } } satisfies Extent;

const args = process.argv.slice(2);
const { values: options } = parseArgs({
  args,
  options: {
    json: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: [] },
  },
});

const unknown = options.only.filter((id) => !ENGINES.some((engine) => engine.id === id));
if (unknown.length > 0) {
  throw new Error(`no engine is named ${unknown.join(', ')}; they are: ${ENGINES.map(({ id }) => id).join(', ')}`);
}
const engines = ENGINES.filter(({ id }) => options.only.length === 0 || options.only.includes(id));
const extent = options.quick ? QUICK : FULL;

const cells = await race(engines, extent);
if (options.json) {
  console.log(JSON.stringify(cells.map(rowOf), null, 2));
} else {
  const measurements: Measurements = {
    cells,
    footprints: await measureFootprints(engines, options.quick ? 5 : 25),
    graphMs: await measureGraph(options.quick ? 1 : 5),
    handler: await measureHandler({ starts: options.quick ? 5 : 15, warmRequests: 500 }),
    synthSeconds: measureSynth(options.quick ? 1 : 3),
  };
  const text = report(measurements, {
    ...circumstances(),
    command: ['npm run bench', ...(args.length > 0 ? ['--', ...args] : [])].join(' '),
    extent,
  });
  console.log(text);
  // A part of the figures must not pass for all of them.
  if (engines.length === ENGINES.length && !options.quick) writeResults(text);
}
