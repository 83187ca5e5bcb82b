import { readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as esbuild from 'esbuild';
import { tsImport } from 'tsx/esm/api';

export interface Bundle {
  readonly path: string;
  /** Of all its files. */
  readonly bytes: number;
}

export const DIST = join(import.meta.dirname, 'dist');

/** Puts a module and all it imports into one minified file. Imports are relative to `bench/`. */
export async function bundle(name: string, source: string): Promise<Bundle> {
  const path = join(DIST, `${name}.cjs`);
  await esbuild.build({
    stdin: { contents: source, sourcefile: `${name}.ts`, loader: 'ts', resolveDir: import.meta.dirname },
    outfile: path,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    // Every engine as Node would load it.
    conditions: [],
    logLevel: 'error',
  });
  return { path, bytes: statSync(path).size };
}

/** Bundles a module of `bench/` as the function of an agent is deployed. */
export async function bundleFunction(name: string, entry: string): Promise<Bundle> {
  const library: typeof import('../lib/private/bundle-function.ts') = await tsImport(
    '../lib/private/bundle-function.ts',
    import.meta.url,
  );
  const folder = join(DIST, name);
  rmSync(folder, { recursive: true, force: true });
  library.writeFunction(folder, library.bundleFunction(esbuild, { entry: join(import.meta.dirname, entry) }));
  const bytes = readdirSync(folder).reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);
  // As Lambda takes it where nothing says otherwise; the one above is of ES modules.
  writeFileSync(join(folder, 'package.json'), '{"type":"commonjs"}');
  return { path: join(folder, 'index.js'), bytes };
}
