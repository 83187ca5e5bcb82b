import { cpSync, readdirSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { tsImport } from 'tsx/esm/api';

export interface Bundle {
  readonly path: string;
  /** Of all its files. */
  readonly bytes: number;
}

export const DIST = join(import.meta.dirname, 'dist');

const clientsFromSource: Plugin = {
  name: 'clients-from-source',
  setup({ onResolve }) {
    onResolve({ filter: /^#cdk-compound-inference\// }, ({ path }) => ({
      path: join(import.meta.dirname, '../lambda/clients', `${basename(path)}.mts`),
    }));
  },
};

/** Puts a module and all it imports into one minified file. Imports are relative to `bench/`. */
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
    // Every engine as Node would load it; of this package there is no build.
    conditions: [],
    plugins: [clientsFromSource],
    logLevel: 'error',
  });
  return { path, bytes: statSync(path).size };
}

/** Bundles a module of `bench/` as the function of an agent is deployed. */
export async function bundleFunction(name: string, entry: string): Promise<Bundle> {
  const library: typeof import('../lib/agent/private/bundle.ts') = await tsImport(
    '../lib/agent/private/bundle.ts',
    import.meta.url,
  );
  const { file, remove } = library.bundleModule(join(import.meta.dirname, entry), {});
  const folder = join(DIST, name);
  rmSync(folder, { recursive: true, force: true });
  cpSync(dirname(file), folder, { recursive: true });
  remove();
  const path = join(folder, 'index.js');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((each) => statSync(join(folder, each)));
  return { path, bytes: files.reduce((sum, each) => sum + (each.isFile() ? each.size : 0), 0) };
}
