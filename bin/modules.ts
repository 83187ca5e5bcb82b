import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { register } from 'tsx/cjs/api';
import { UsageError } from './usage';

/** Loads a module of the user's, TypeScript or JavaScript. @throws UsageError if there is none. */
export function loadModule(path: string): Record<string, unknown> {
  const file = resolve(path);
  if (!existsSync(file)) throw new UsageError(`there is no module ${file}`);
  if (statSync(file).isDirectory()) throw new UsageError(`${path} is a directory: name a module in it`);
  if (!/\.[cm]?[jt]sx?$/.test(file)) throw new UsageError(`${path} is no module of TypeScript or JavaScript`);
  const unregister = register();
  try {
    return require(file);
  } catch (error) {
    throw explainFailure(path, error);
  } finally {
    unregister();
  }
}

/** Names the module, and the one failure that a command of npm repairs. */
function explainFailure(path: string, cause: unknown): Error {
  // A module that is missing is followed by a stack of files.
  const message = (cause instanceof Error ? cause.message : String(cause)).replace(/\nRequire stack:.*$/s, '');
  const missing = /^Cannot find module '((?:@[^/']+\/)?[^./'][^/']*)[^']*'/.exec(message)?.[1];
  if ((cause as NodeJS.ErrnoException | undefined)?.code !== 'MODULE_NOT_FOUND' || missing === undefined) {
    return new Error(`${path}: ${message}`, { cause });
  }
  return new Error(`${path} needs the package ${missing}, which is not installed: npm install ${missing}`, { cause });
}

/** The modules of the examples; none outside this repository, because the package comes without them. */
export function exampleModules(): string[] {
  const examples = join(dirname(require.resolve('cdk-compound-inference/package.json')), 'examples');
  if (!existsSync(examples)) return [];
  return readdirSync(examples)
    .map((name) => join(examples, name, 'local.ts'))
    .filter((path) => existsSync(path));
}
