import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleModule } from '../../../lib/agent/private/bundle';

let folder: string;
let entry: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bundle-'));
  const client = join(folder, 'node_modules', 'client');
  mkdirSync(client, { recursive: true });
  const exports = { module: './es.js', custom: './custom.js', node: './cjs.js' };
  writeFileSync(join(client, 'package.json'), JSON.stringify({ name: 'client', exports }));
  for (const build of ['es', 'custom', 'cjs']) writeFileSync(join(client, `${build}.js`), `exports.build = '${build}'`);
  entry = join(folder, 'entry.ts');
  writeFileSync(entry, `export { build } from 'client';`);
});

afterAll(() => rmSync(folder, { recursive: true }));

test.each([
  ['the build for Node, not the one for bundlers', {}, 'cjs'],
  ['the build under a condition that is given', { conditions: ['custom'] }, 'custom'],
])('of a package it takes %s', (_, options, build) => {
  const bundle = bundleModule(entry, options);
  const text = readFileSync(bundle.file, 'utf8');
  bundle.remove();
  expect(['es', 'custom', 'cjs'].filter((one) => text.includes(`"${one}"`))).toEqual([build]);
});
