import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { register } from 'tsx/cjs/api';
import { UsageError } from './usage';

/** Loads a module of the user's, TypeScript or JavaScript. @throws UsageError if it is not there. */
export function loadModule(path: string): Record<string, unknown> {
  const file = resolve(path);
  if (!existsSync(file)) throw new UsageError(`there is no module ${file}`);
  const unregister = register();
  try {
    return require(file);
  } finally {
    unregister();
  }
}

/** The modules of the examples that come with the package. */
export function exampleModules(): string[] {
  const examples = join(dirname(require.resolve('cdk-compound-inference/package.json')), 'examples');
  return readdirSync(examples)
    .map((name) => join(examples, name, 'local.ts'))
    .filter((path) => existsSync(path));
}
