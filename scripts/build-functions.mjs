// Bundles the functions that come with the package, each into a folder of its own that a construct deploys as it is.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const FUNCTIONS = ['authorizer', 'importer', 'tuner', 'warmer'];

export default async function buildFunctions() {
  await Promise.all(
    FUNCTIONS.map((name) =>
      build({
        absWorkingDir: root,
        entryPoints: [join('lambda', name, 'index.ts')],
        outfile: join('dist', 'functions', name, 'index.js'),
        bundle: true,
        minify: true,
        platform: 'node',
        target: 'node24',
        // The ES modules of the AWS SDK, of which only what is called gets into the bundle.
        mainFields: ['module', 'main'],
        // They import node's own modules when they need them: as a CommonJS module does, by require.
        supported: { 'dynamic-import': false },
        // ESM bundles of the AWS SDK fail at import: "Dynamic require of node:https is not supported".
        format: 'cjs',
        logLevel: 'error',
      }),
    ),
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildFunctions();
