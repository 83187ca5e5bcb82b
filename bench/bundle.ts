import { statSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

export interface Bundle {
  readonly path: string;
  readonly bytes: number;
}

export const DIST = join(import.meta.dirname, 'dist');

/** Puts a module and all it imports into one minified file, as functions are deployed. Imports are relative to `bench/`. */
export async function bundle(name: string, source: string): Promise<Bundle> {
  const path = join(DIST, `${name}.cjs`);
  await build({
    stdin: { contents: source, sourcefile: `${name}.ts`, loader: 'ts', resolveDir: import.meta.dirname },
    outfile: path,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    // Not `module`, which it is without any: `Agent` in lib/agent does the same.
    conditions: [],
    logLevel: 'error',
  });
  return { path, bytes: statSync(path).size };
}
