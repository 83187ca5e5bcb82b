// Usage: npm run bench:simulator -- [--traces <folder>] [--quick] [--json]
import { parseArgs } from 'node:util';
import { circumstances, writeResults } from './results.ts';
import { measureSimulator } from './simulator/measure.ts';
import { report } from './simulator/report.ts';

const ROUNDS = 3;

const { values: options } = parseArgs({
  options: {
    traces: { type: 'string' },
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});

const rounds = options.quick ? 1 : ROUNDS;
const figures = await measureSimulator(rounds, options.traces);
if (options.json) {
  console.log(JSON.stringify(figures, null, 2));
} else {
  const words = options.traces === undefined ? [] : ['--', '--traces <folder>'];
  const command = ['npm run bench:simulator', ...words].join(' ');
  const text = report(figures, { ...circumstances(), command, rounds });
  console.log(text);
  // A part of the figures must not pass for all of them.
  if (options.traces !== undefined && !options.quick) writeResults(text);
}
