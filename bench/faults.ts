// Usage: npm run bench:faults -- [--runs N] [--seed N] [--json]
import { parseArgs } from 'node:util';
import type { ProofFigures } from '../test/proofs/support/faulty-network/proof.ts';
import { bundle } from './bundle.ts';
import { ask } from './child.ts';
import { report } from './faults/report.ts';
import { circumstances, writeResults } from './results.ts';

const { values: options } = parseArgs({
  options: {
    runs: { type: 'string', default: '5000' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
  },
});

const { path } = await bundle('faults', `import '../test/proofs/support/faulty-network/cell.ts';`);
const figures = await ask<ProofFigures>(path, [options.runs, options.seed]);

if (options.json) {
  console.log(JSON.stringify(figures, null, 2));
} else {
  const command = `npm run bench:faults -- --runs ${options.runs} --seed ${options.seed}`;
  const text = report(figures, { ...circumstances(), command });
  console.log(text);
  writeResults(text);
}
if (figures.breaches.length > 0) process.exitCode = 1;
