import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { AgentBundling } from '../../../lib/agent/agent-bundling';
import { bundleModule } from '../../../lib/agent/private/bundle';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bundle-'));
  write('node_modules/client/package.json', JSON.stringify({ name: 'client', module: 'es.js', main: 'cjs.js' }));
  write('node_modules/client/es.js', `export const build = 'es'`);
  write('node_modules/client/cjs.js', `exports.build = 'cjs'`);
  const exports = { custom: './custom.js', module: './es.js', default: './cjs.js' };
  write('node_modules/exporting/package.json', JSON.stringify({ name: 'exporting', exports }));
  for (const build of ['es', 'custom']) write(`node_modules/exporting/${build}.js`, `export const build = '${build}'`);
  write('node_modules/exporting/cjs.js', `exports.build = 'cjs'`);
  write('node_modules/common/package.json', JSON.stringify({ name: 'common', main: 'index.js' }));
  write(
    'node_modules/common/index.js',
    `exports.greeting = require('node:path').basename('/hello'); exports.again = 1`,
  );
});

afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, text: string): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

/** What a program prints in a process that has only the files of a bundle, as `bundle`. */
function printed(entry: string, program: string, options: AgentBundling = {}, args: readonly string[] = []): string {
  const bundle = bundleModule(entry, options);
  try {
    const script = `const bundle = require(${JSON.stringify(bundle.file)}); ${program}`;
    return execFileSync(process.execPath, [...args, '-e', script], { encoding: 'utf8' }).trim();
  } finally {
    bundle.remove();
  }
}

/** Names and texts of the files of a bundle. */
function filesOf(entry: string, options: AgentBundling = {}): [string, string][] {
  const bundle = bundleModule(entry, options);
  const files = dirname(bundle.file);
  const texts = readdirSync(files).map((name): [string, string] => [name, readFileSync(join(files, name), 'utf8')]);
  bundle.remove();
  return texts;
}

test.each<[what: string, from: string, options: AgentBundling, build: string]>([
  ['the ES modules', 'client', {}, 'es'],
  ['what a field names that is put first', 'client', { mainFields: ['main'] }, 'cjs'],
  ['the ES modules that it exports', 'exporting', {}, 'es'],
  ['what it exports under a condition that is given', 'exporting', { conditions: ['custom'] }, 'custom'],
])('of a package it takes %s', (_, from, options, build) => {
  const entry = write(`takes-${from}.ts`, `export { build } from '${from}'`);
  expect(printed(entry, 'console.log(bundle.build)', options)).toBe(build);
});

test('what is loaded by import() is read when it is asked for, and what it shares with the rest is there once', () => {
  write('shared.ts', `export const calls: string[] = []; console.log('shared')`);
  write('later.ts', `import { calls } from './shared'; console.log('later'); export const seen = () => calls`);
  const early = `import { calls } from './shared'; console.log('early'); calls.push('a');`;
  const entry = write('early.ts', `${early} export const later = () => import('./later')`);
  const program = `console.log('loaded'); bundle.later().then(({ seen }) => console.log(seen()))`;
  expect(printed(entry, program).split('\n')).toEqual(['shared', 'early', 'loaded', 'later', "[ 'a' ]"]);
});

test('what is imported by code that nothing calls is left out', () => {
  write('unused.ts', `console.log('unused')`);
  write('lends.ts', `export const used = 1; export const unused = () => import('./unused')`);
  const entry = write('borrows.ts', `export { used } from './lends'`);
  expect(filesOf(entry).map(([name]) => name)).toEqual(['index.js']);
});

test('import() of CommonJS has what that exports, by name and as default', () => {
  const entry = write('lazy.ts', `export const common = () => import('common')`);
  const program = `bundle.common().then((it) => console.log(it.greeting, it.again, it.default.greeting))`;
  expect(printed(entry, program)).toBe('hello 1 hello');
});

test('a module that is CommonJS exports what it did', () => {
  const entry = write('entry.cjs', `module.exports = { handler: () => 'answer' }`);
  expect(printed(entry, 'console.log(bundle.handler())')).toBe('answer');
});

test('its files have the same names and texts wherever the app is', () => {
  const entry = write('app/here.ts', `import { build } from 'client'; export default () => import('common'); build`);
  const elsewhere = mkdtempSync(join(tmpdir(), 'bundle-elsewhere-'));
  cpSync(folder, join(elsewhere, 'deeper'), { recursive: true });
  const files = filesOf(entry);
  expect(files.length).toBeGreaterThan(1);
  expect(filesOf(join(elsewhere, 'deeper', 'app/here.ts'))).toEqual(files);
  rmSync(elsewhere, { recursive: true });
});

test('an app bundles a module once for all of its stages', () => {
  const entry = write('once.ts', `export const value = 'once'`);
  const files = filesOf(entry);
  write('once.ts', `export const value = 'changed meanwhile'`);
  expect(filesOf(entry)).toEqual(files);
  expect(filesOf(entry, { define: { OTHER: '1' } })).not.toEqual(files);
});

test('with source maps, stack traces name the sources of every file', () => {
  write('fails.ts', `interface Unused {}\n\nexport function fail(): never {\n  throw new Error('here');\n}\n`);
  const entry = write('mapped.ts', `export const load = () => import('./fails')`);
  const program = `bundle.load().then(({ fail }) => fail()).catch(({ stack }) => console.log(stack))`;
  expect(printed(entry, program, { sourceMap: true }, ['--enable-source-maps'])).toMatch(/fails\.ts:4:9/);
  const names = filesOf(entry, { sourceMap: true }).map(([name]) => name);
  const code = names.filter((name) => name.endsWith('.js'));
  expect(names.sort()).toEqual([...code, ...code.map((name) => `${name}.map`)].sort());
});

test('top-level await is refused where it is written', () => {
  const entry = write('awaits.ts', `export const value = 1;\nawait Promise.resolve();\n`);
  expect(() => bundleModule(entry, {})).toThrow(/awaits\.ts:2:0: .*[Tt]op-level await/);
});
