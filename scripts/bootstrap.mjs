// Installs what the lock file asks for, once: `npm start` and `npm test` work on a fresh clone.
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';

// npm writes this file last, so it is older than the lock file exactly when an install is due.
const installed = 'node_modules/.package-lock.json';
const isCurrent = existsSync(installed) && statSync(installed).mtimeMs >= statSync('package-lock.json').mtimeMs;

if (!isCurrent) {
  console.error('Installing dependencies (first run, about a minute)...');
  // Not `npm ci`: it refuses a lock file that lacks the binaries of another platform, which npm leaves out of one now and then.
  const { status } = spawnSync('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'], {
    // Standard output belongs to the command that asked for this.
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (status !== 0) {
    console.error(
      'The dependencies could not be installed. Check that npm reaches its registry (npm ping), then try again.',
    );
    process.exit(status ?? 1);
  }
}
