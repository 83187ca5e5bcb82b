// The functions of a deployment under the runtime client of Lambda: npm run e2e:ric.
// The client is compiled once, in e2e/ric/node_modules (a minute); without a compiler the proof is skipped, and says so.
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { prove, skip } from './e2e-proof.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const folder = join(root, 'e2e', 'ric');
const client = join(folder, 'node_modules', 'aws-lambda-ric', 'rapid-client.node');

installClient();
await prove(join('e2e', 'ric', 'run.ts'));

function installClient() {
  if (existsSync(client) && statSync(client).mtimeMs >= statSync(join(folder, 'package-lock.json')).mtimeMs) return;
  if (process.platform !== 'linux')
    skip('e2e:ric', `Lambda's runtime client runs on Linux only, not ${process.platform}`);
  for (const command of ['cmake', 'make', 'g++', 'xz', 'python3']) {
    if (spawnSync(command, ['--version']).error)
      skip('e2e:ric', `${command} is missing, which compiles the runtime client`);
  }
  console.error("Compiling Lambda's runtime client (first run, about a minute)...");
  rmSync(join(folder, 'node_modules'), { recursive: true, force: true });
  const install = ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status, stderr } = spawnSync('npm', install, { cwd: folder, encoding: 'utf8' });
  if (status !== 0 || !existsSync(client)) {
    skip('e2e:ric', `the runtime client could not be installed:\n${stderr.trim().split('\n').slice(-15).join('\n')}`);
  }
}
