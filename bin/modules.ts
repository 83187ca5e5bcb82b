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
  } catch (error) {
    throw explainMissing(path, error as NodeJS.ErrnoException);
  } finally {
    unregister();
  }
}

/** The one failure of a module that a command of npm repairs; its own message goes on with a stack of files. */
function explainMissing(path: string, error: NodeJS.ErrnoException): Error {
  const missing = /^Cannot find module '((?:@[^/']+\/)?[^./'][^/']*)[^']*'/.exec(error.message)?.[1];
  if (error.code !== 'MODULE_NOT_FOUND' || missing === undefined) return error;
  return new Error(`${path} needs the package ${missing}, which is not installed: npm install ${missing}`, {
    cause: error,
  });
}

/** The modules of the examples; none outside this repository, because the package comes without them. */
export function exampleModules(): string[] {
  const examples = join(dirname(require.resolve('cdk-compound-inference/package.json')), 'examples');
  if (!existsSync(examples)) return [];
  return readdirSync(examples)
    .map((name) => join(examples, name, 'local.ts'))
    .filter((path) => existsSync(path));
}
