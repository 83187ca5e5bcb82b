import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { AgentBundling } from '../../../lib/agent/agent-bundling';
import { bundleModule } from '../../../lib/agent/private/bundle';

const ROOT = join(__dirname, '../../..');

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bundle-'));
  const exports = { module: './es.js', custom: './custom.js', node: './cjs.js' };
  write('node_modules/client/package.json', JSON.stringify({ name: 'client', exports }));
  for (const build of ['es', 'custom', 'cjs']) {
    write(`node_modules/client/${build}.js`, `exports.build = '${build}'`);
  }
});

afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, text: string): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

/** What a program prints in a process that has only the files of a bundle, as `bundle`. */
function printed(entry: string, program: string, options: AgentBundling = {}): string {
  const bundle = bundleModule(entry, options);
  try {
    const script = `const bundle = require(${JSON.stringify(bundle.file)}); ${program}`;
    return execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' }).trim();
  } finally {
    bundle.remove();
  }
}

test('an agent with a graph and all backends stays small: what a cold start has to read', () => {
  const sizes = Object.values(filesOf(join(ROOT, 'bench/handler/agent.ts'))).map((text) => Buffer.byteLength(text));
  expect(sizes.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThan(1.3e6);
});

/** Texts of the files of a bundle, by name. */
function filesOf(entry: string, options: AgentBundling = {}): Record<string, string> {
  const bundle = bundleModule(entry, options);
  const root = dirname(bundle.file);
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) =>
    statSync(join(root, name)).isFile(),
  );
  const texts = names.map((name) => [name, readFileSync(join(root, name), 'utf8')] as const);
  bundle.remove();
  return Object.fromEntries(texts);
}

test.each([
  ['the build for Node, not the one for bundlers', {}, 'cjs'],
  ['the build under a condition that is given', { conditions: ['custom'] }, 'custom'],
])('of a package it takes %s', (_, options, build) => {
  const entry = write('takes.ts', `export { build } from 'client'`);
  expect(printed(entry, 'console.log(bundle.build)', options)).toBe(build);
});

test('modules run in the order in which they are imported, what is loaded by import() when it is asked for', () => {
  write('first.ts', `console.log('first')`);
  write('shared.ts', `console.log('shared'); export const calls = []`);
  write('later.ts', `import { calls } from './shared'; console.log('later'); export { calls }`);
  const entry = write('order.ts', `import './first'; import './shared'; export const later = () => import('./later')`);
  const program = `console.log('loaded'); bundle.later()`;
  expect(printed(entry, program).split('\n')).toEqual(['first', 'shared', 'loaded', 'later']);
});

describe('of an agent', () => {
  const entry = join(ROOT, 'test/e2e/lambda/agent.ts');
  const options = { conditions: ['source'] };

  test('each client of the SDK is a file of its own, which it finds', () => {
    const names = Object.keys(filesOf(entry, options));
    expect(names).toEqual(
      expect.arrayContaining(['index.js', 'package.json', 'clients/lambda.js', 'clients/dynamodb.js']),
    );
    // None that only the functions of the package call.
    expect(names).not.toContain('clients/sagemaker.js');
    const bundle = bundleModule(entry, options);
    const script = `import('#cdk-compound-inference/lambda').then(({ LambdaClient }) => console.log(typeof LambdaClient))`;
    const asking = join(dirname(bundle.file), 'asking.cjs');
    writeFileSync(asking, script);
    expect(execFileSync(process.execPath, [asking], { encoding: 'utf8' }).trim()).toBe('function');
    bundle.remove();
  });

  test('an SDK that a layer brings is in no file', () => {
    const files = filesOf(entry, { ...options, externalModules: ['@aws-sdk/*'] });
    expect(files['clients/lambda.js']).toContain('require("@aws-sdk/client-lambda")');
    expect(Object.values(files).join('').length).toBeLessThan(
      Object.values(filesOf(entry, options)).join('').length / 2,
    );
  });

  test('its clients have the same names and texts in each app', () => {
    const clients = (files: Record<string, string>) =>
      Object.fromEntries(Object.entries(files).filter(([name]) => name !== 'index.js'));
    const other = write('other.ts', `import { serve } from '${join(ROOT, 'lambda/orchestrator')}'; export { serve }`);
    expect(clients(filesOf(other, options))).toEqual(clients(filesOf(entry, options)));
  });
});

test('a module that serves no agent has one file, the same wherever the app is', () => {
  const entry = write('app/here.ts', `import { build } from 'client'; export default build`);
  const elsewhere = mkdtempSync(join(tmpdir(), 'bundle-elsewhere-'));
  cpSync(folder, join(elsewhere, 'deeper'), { recursive: true });
  const files = filesOf(entry);
  expect(Object.keys(files)).toEqual(['index.js']);
  expect(filesOf(join(elsewhere, 'deeper', 'app/here.ts'))).toEqual(files);
  rmSync(elsewhere, { recursive: true });
});

test('a source map lies beside the code', () => {
  const entry = write('mapped.ts', `export const value: number = 1`);
  expect(Object.keys(filesOf(entry, { sourceMap: true })).sort()).toEqual(['index.js', 'index.js.map']);
});
