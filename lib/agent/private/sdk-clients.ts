import { extname, join } from 'node:path';
import type * as esbuild from 'esbuild';
import { bundleSplit, type FunctionFile } from '../../private/bundle-split';

/** How the runtime imports what it calls of the SDK; see `imports` in package.json. */
const PREFIX = '#cdk-compound-inference/';

/** Those imports, as what is not bundled. */
export const SDK_CLIENTS = `${PREFIX}*`;

const FOLDER = join(__dirname, '../../../lambda/clients');
const EXTENSION = extname(__filename) === '.ts' ? '.mts' : '.mjs';

/** By names and what is not bundled: all agents of an app have the same. */
const known = new Map<string, readonly FunctionFile[]>();

/** The names of the clients that the code of a bundle imports. */
export function sdkClientsIn({ outputs }: esbuild.Metafile): string[] {
  const imports = Object.values(outputs).flatMap((output) => output.imports);
  const paths = imports.flatMap(({ path, external }) => (external && path.startsWith(PREFIX) ? [path] : []));
  return [...new Set(paths)].map((path) => path.slice(PREFIX.length)).sort();
}

/**
 * What goes beside a bundle so that its imports of clients find them: a function reads those that its calls need, when they do.
 *
 * @param external what is not bundled, such as an SDK of a layer
 */
export function sdkClientFiles(
  bundler: typeof esbuild,
  clients: readonly string[],
  external: readonly string[],
): readonly FunctionFile[] {
  if (clients.length === 0) return [];
  const key = JSON.stringify([clients, external]);
  const files = known.get(key) ?? made(bundler, clients, external);
  known.set(key, files);
  return files;
}

function made(bundler: typeof esbuild, clients: readonly string[], external: readonly string[]): FunctionFile[] {
  const entries = Object.fromEntries(clients.map((name) => [name, join(FOLDER, name + EXTENSION)]));
  const imports = { [SDK_CLIENTS]: './clients/*.js' };
  return [
    { name: 'package.json', contents: `${JSON.stringify({ imports })}\n` },
    ...bundleSplit(bundler, { entries, external }).map(({ name, contents }) => ({ name: `clients/${name}`, contents })),
  ];
}
