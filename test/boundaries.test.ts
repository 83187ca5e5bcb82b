import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const ROOT = join(__dirname, '..');

/** Biome starts slowly on a busy machine. */
jest.setTimeout(30_000);

let folder: string;

// A folder of its own with our configuration: from standard input biome tells that something is wrong, but not what.
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'boundaries-'));
  for (const path of ['biome.json', 'scripts/no-randomness.grit']) cpSync(join(ROOT, path), join(folder, path));
});

afterEach(() => rmSync(folder, { recursive: true }));

/** The rules that a source text breaks at a place of the project, line by line. */
function brokenRules(file: string, source: string): string[] {
  const path = join(folder, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, source);
  const rules = ['--only=style/noRestrictedImports', '--only=style/noRestrictedGlobals'];
  const args = ['lint', '--reporter=json', '--vcs-enabled=false', '--max-diagnostics=none', ...rules, file];
  const { stdout } = spawnSync(join(ROOT, 'node_modules/.bin/biome'), args, { cwd: folder, encoding: 'utf8' });
  const { diagnostics }: { diagnostics: readonly { readonly category: string }[] } = JSON.parse(stdout);
  return diagnostics.map(({ category }) => category);
}

describe.each([
  ['core/run/x.ts', ['../../lambda', '../../lambda/backends', '../../lib', '../../sim', '../../sim/component']],
  ['core/run/x.ts', ['../../local', '../../local/world', '../../bin', '../../bin/usage', '../../examples/a/agent']],
  ['core/run/x.ts', ['node:fs', 'zod', 'aws-lambda', '@aws-sdk/client-lambda', 'constructs']],
  ['core/run/x.ts', ['cdk-compound-inference', 'cdk-compound-inference/local']],
  ['lambda/backends/x.ts', ['../../lib', '../../sim', '../../sim/copy', '../../local', '../../bin', '../../bin/usage']],
  ['lambda/backends/x.ts', ['aws-cdk-lib', 'aws-cdk-lib/core', 'cdk-compound-inference', 'cdk-compound-inference/run']],
  ['sim/x.ts', ['../lambda', '../lib', '../local', '../bin', '../bin/usage', '../examples', '../bench']],
  ['sim/x.ts', ['node:fs', 'aws-cdk-lib', 'cdk-compound-inference', 'cdk-compound-inference/graph']],
  ['lib/x.ts', ['../lambda', '../lambda/backends', '../sim', '../local', '../bin', '../bin/usage']],
  ['lib/x.ts', ['@aws-sdk/client-lambda', 'cdk-compound-inference', 'cdk-compound-inference/graph']],
  ['local/aws/x.ts', ['../../bin', '../../bin/usage', '../../examples', '../../examples/a/agent', '../../bench']],
  ['bin/x.ts', ['../examples', '../examples/a/agent', '../bench', '../bench/run']],
])('%s', (file, modules) => {
  test(`imports none of ${modules.join(', ')}`, () => {
    const found = brokenRules(file, modules.map((name) => `import '${name}';\n`).join(''));
    expect(found).toEqual(modules.map(() => 'lint/style/noRestrictedImports'));
  });
});

test.each([
  ['core/run/x.ts', ['./engine', '../graph/binding', '@standard-schema/spec']],
  ['lambda/backends/x.ts', ['../../core/run', './lambda', 'node:http', '@aws-sdk/client-lambda', 'aws-lambda']],
  ['sim/x.ts', ['./copy', '../core/run/call']],
  ['lib/x.ts', ['../core/graph', 'node:path', 'aws-cdk-lib', 'aws-cdk-lib/aws-lambda', 'constructs']],
  ['local/aws/x.ts', ['./lambda', '../world', '../../sim/component', '../../lambda/orchestrator', 'node:http']],
  ['bin/x.ts', ['./usage', '../local', '../core/graph', '../lambda/orchestrator', 'node:fs']],
])('%s imports any of %j', (file, modules) => {
  expect(brokenRules(file, modules.map((name) => `import '${name}';\n`).join(''))).toEqual([]);
});

test.each(['core/run/x.ts', 'sim/x.ts'])('%s has no clock, no randomness and no I/O', (file) => {
  const uses = [
    'setTimeout(f, 1);',
    'setInterval(f, 1);',
    'setImmediate(f);',
    'performance.now();',
    'new Date();',
    'crypto.randomUUID();',
    'fetch(url);',
    'process.exit();',
    'console.log(1);',
  ];
  expect(brokenRules(file, uses.join('\n'))).toEqual(uses.map(() => 'lint/style/noRestrictedGlobals'));
});
