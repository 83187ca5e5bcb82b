import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { inspect } from 'node:util';
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
    const exported: unknown = require(file);
    // What a module puts in place of its exports need not be an object.
    return Object(exported);
  } catch (error) {
    throw explainFailure(path, error);
  } finally {
    unregister();
  }
}

/** Names the module, and the one failure that a command of npm repairs. */
function explainFailure(path: string, cause: unknown): Error {
  if (!(cause instanceof Error)) {
    const thrown = inspect(cause, { depth: 1, breakLength: Infinity, maxArrayLength: 3 });
    return new Error(`${path} threw ${thrown} while it was loaded`, { cause });
  }
  // A module that is missing is followed by a stack of files.
  const message = cause.message.replace(/\nRequire stack:.*$/s, '');
  const awaits = /^(.*):(\d+:\d+): ERROR: Top-level await/m.exec(message);
  const { code } = cause as NodeJS.ErrnoException;
  if (awaits || code === 'ERR_REQUIRE_ASYNC_MODULE') {
    const where = awaits ? `, at ${fileCalled(awaits[1]!, path)}:${awaits[2]}` : '';
    return new Error(`${path}: top-level await cannot be loaded${where}: await in a function instead`, { cause });
  }
  const missing = /^Cannot find module '((?:@[^/']+\/)?[^./'][^/']*)[^']*'/.exec(message)?.[1];
  if (code !== 'MODULE_NOT_FOUND' || missing === undefined) {
    return new Error(`${path}: ${message}`, { cause });
  }
  return new Error(`${path} needs the package ${missing}, which is not installed: npm install ${missing}`, { cause });
}

/** The loader calls `.mts` and `.cts` files `.ts`, and those of JavaScript likewise: the module that was asked for goes first. */
function fileCalled(name: string, asked: string): string {
  const names = ['', 'm', 'c'].map((kind) => name.replace(/\.([jt]s)$/, `.${kind}$1`));
  return names.find((path) => path === resolve(asked)) ?? names.find((path) => existsSync(path)) ?? name;
}

/** The modules of the examples; none outside this repository, because the package comes without them. */
export function exampleModules(): string[] {
  const examples = join(dirname(require.resolve('cdk-compound-inference/package.json')), 'examples');
  if (!existsSync(examples)) return [];
  return readdirSync(examples)
    .map((name) => join(examples, name, 'local.ts'))
    .filter((path) => existsSync(path));
}
