// Bundles the functions that come with the package, each into a folder of its own that a construct deploys as it is.
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import esbuild from 'esbuild';
import { tsImport } from 'tsx/esm/api';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const FUNCTIONS = ['authorizer', 'importer', 'tuner', 'warmer'];

export default async function buildFunctions() {
  const { bundleSplit, writeFiles } = await tsImport('../lib/private/bundle-split.ts', import.meta.url);
  for (const name of FUNCTIONS) {
    const folder = join(root, 'dist', 'functions', name);
    rmSync(folder, { recursive: true, force: true });
    const entries = { index: join(root, 'lambda', name, 'index.ts') };
    writeFiles(folder, bundleSplit(esbuild, { entries, conditions: ['source'] }));
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildFunctions();
