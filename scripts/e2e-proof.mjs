import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import buildFunctions from './build-functions.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** Ends the proof, successfully, and leaves no doubt that it proved nothing. */
export function skip(proof, reason) {
  console.log(`${proof} SKIPPED: ${reason}\n${proof} SKIPPED: nothing was proven on this machine`);
  process.exit(0);
}

/** Runs a proof in TypeScript, and ends as it ends. */
export async function prove(script, env = {}) {
  await buildFunctions();
  const command = ['--conditions=source', '--import', 'tsx', script];
  const proof = spawn(process.execPath, command, { cwd: root, env: { ...process.env, ...env }, stdio: 'inherit' });
  // Passed on, so that it can end what it has started.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => proof.kill(signal));
  proof.once('exit', (code) => {
    process.exitCode = code ?? 1;
  });
}
