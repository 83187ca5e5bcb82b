import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median } from '../statistics.ts';

/** Seconds that a fresh process takes to synthesize the app, CloudFormation's own validation included. */
export function measureSynth(runs: number): number {
  return median(Array.from({ length: runs }, synthSeconds));
}

function synthSeconds(): number {
  const outdir = mkdtempSync(join(tmpdir(), 'bench-synth-'));
  const command = ['--conditions=source', '--import', 'tsx', join(import.meta.dirname, 'app.ts')];
  const start = performance.now();
  execFileSync(process.execPath, command, {
    env: { ...process.env, CDK_OUTDIR: outdir },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const seconds = (performance.now() - start) / 1e3;
  rmSync(outdir, { recursive: true });
  return seconds;
}
