import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const tsc = join(require.resolve('typescript/package.json'), '..', 'bin', 'tsc');

/** Each mistake in `types.ts` is marked as an error to expect: it must be one, or the type check fails. */
test('TypeScript refuses every mistake in types.ts, and nothing else in it', () => {
  const { status, stdout } = spawnSync(process.execPath, [tsc, '--noEmit', '-p', __dirname], { encoding: 'utf8' });
  expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
}, 30_000);
