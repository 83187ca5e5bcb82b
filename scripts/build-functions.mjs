// Bundles the functions that come with the package, each into a folder of its own that a construct deploys as it is.
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const FUNCTIONS = ['authorizer', 'importer', 'tuner', 'warmer'];

/** How functions load a client of the SDK when they first need it. */
const LAZY_CLIENT = /const \{([\w,\s]+)\}\s*=\s*await import\(\s*'(@(?:aws-sdk|smithy)\/[\w-]+)',?\s*\);?/g;

/**
 * Loads clients of the SDK with the function. Of modules that are loaded later esbuild keeps all there is in them, hundreds of
 * commands and schemas; those that are called start faster with the function than such a module does when it is needed.
 */
const clientsAtStart = {
  name: 'clients-at-start',
  setup(esbuild) {
    esbuild.onLoad({ filter: /[/\\]lambda[/\\].*\.ts$/ }, async ({ path }) => {
      const imports = [];
      const contents = (await readFile(path, 'utf8')).replace(LAZY_CLIENT, (_, names, client) => {
        imports.push(`import {${names}} from '${client}';`);
        return '';
      });
      const whole = /import\(\s*'@(aws-sdk|smithy)\/[\w-]+'/.exec(contents);
      if (whole) {
        throw new Error(`${path}: "${whole[0]}" brings the whole client: take what is needed by "const { ... } ="`);
      }
      return { contents: [contents, ...imports].join('\n'), loader: 'ts' };
    });
  },
};

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
        plugins: [clientsAtStart],
        logLevel: 'error',
      }),
    ),
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildFunctions();
