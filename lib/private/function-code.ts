import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Code } from 'aws-cdk-lib/aws-lambda';

const PACKAGE = dirname(require.resolve('cdk-compound-inference/package.json'));

/** The functions that come with this package. */
export type FunctionName = 'authorizer' | 'importer' | 'tuner' | 'warmer';

/** The code of a function that comes with this package, bundled when the package was built. */
export function functionCode(name: FunctionName): Code {
  const folder = join(PACKAGE, 'dist', 'functions', name);
  // Only in a clone: the published package holds them.
  if (!existsSync(folder)) throw new Error(`${folder} is missing: run "npm run build:functions" first`);
  return Code.fromAsset(folder);
}
