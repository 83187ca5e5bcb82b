import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const ROOT = join(__dirname, '..');

interface Diagnostic {
  readonly category: string;
  readonly location: { readonly path: string };
}

/** Source texts by their file in the project. Biome looks at all of them at once: it takes longer to start than to look. */
const sources = new Map<string, string>();

/** Rules that source texts break, by file and line by line. */
const brokenRules = new Map<string, string[]>();

/** Puts a source text into a folder of the project; returns its file, which no other text has. */
function write(folder: string, text: string): string {
  const file = `${folder}/x${sources.size}.ts`;
  sources.set(file, text);
  return file;
}

const imports = (modules: readonly string[]) => modules.map((name) => `import '${name}';\n`).join('');

// A folder of its own with our configuration: from standard input biome tells that something is wrong, but not what.
beforeAll(() => {
  const root = mkdtempSync(join(tmpdir(), 'boundaries-'));
  for (const path of ['biome.json', 'scripts/no-randomness.grit']) cpSync(join(ROOT, path), join(root, path));
  for (const [file, text] of sources) {
    mkdirSync(join(root, dirname(file)), { recursive: true });
    writeFileSync(join(root, file), text);
    brokenRules.set(file, []);
  }
  const rules = ['--only=style/noRestrictedImports', '--only=style/noRestrictedGlobals'];
  const options = ['--reporter=json', '--vcs-enabled=false', '--max-diagnostics=none'];
  const args = ['lint', ...options, ...rules, ...sources.keys()];
  const { stdout } = spawnSync(join(ROOT, 'node_modules/.bin/biome'), args, { cwd: root, encoding: 'utf8' });
  rmSync(root, { recursive: true });
  const { diagnostics }: { diagnostics: readonly Diagnostic[] } = JSON.parse(stdout);
  for (const { category, location } of diagnostics) brokenRules.get(location.path)?.push(category);
}, 30_000);

describe.each([
  ['core/run', ['../../lambda', '../../lambda/backends', '../../lib', '../../sim', '../../sim/component']],
  ['core/run', ['../../local', '../../local/world', '../../bin', '../../bin/usage', '../../examples/a/agent']],
  ['core/run', ['node:fs', 'zod', 'aws-lambda', '@aws-sdk/client-lambda', 'constructs']],
  ['core/run', ['cdk-compound-inference', 'cdk-compound-inference/local']],
  ['lambda/backends', ['../../lib', '../../sim', '../../sim/copy', '../../local', '../../bin', '../../bin/usage']],
  ['lambda/backends', ['aws-cdk-lib', 'aws-cdk-lib/core', 'cdk-compound-inference', 'cdk-compound-inference/run']],
  ['sim', ['../lambda', '../lib', '../local', '../bin', '../bin/usage', '../examples', '../bench']],
  ['sim', ['node:fs', 'aws-cdk-lib', 'cdk-compound-inference', 'cdk-compound-inference/graph']],
  ['lib', ['../lambda', '../lambda/backends', '../sim', '../local', '../bin', '../bin/usage']],
  ['lib', ['@aws-sdk/client-lambda', 'cdk-compound-inference', 'cdk-compound-inference/graph']],
  ['local/aws', ['../../bin', '../../bin/usage', '../../examples', '../../examples/a/agent', '../../bench']],
  ['local', ['../lib', '../lib/agent', 'aws-cdk-lib', 'aws-cdk-lib/aws-lambda', 'constructs']],
  ['bin', ['../examples', '../examples/a/agent', '../bench', '../bench/run']],
])('%s', (folder, modules) => {
  const file = write(folder, imports(modules));

  test(`imports none of ${modules.join(', ')}`, () => {
    expect(brokenRules.get(file)).toEqual(modules.map(() => 'lint/style/noRestrictedImports'));
  });
});

describe.each([
  ['core/run', ['./engine', '../graph/binding', '@standard-schema/spec']],
  ['lambda/backends', ['../../core/run', './lambda', 'node:http', '@aws-sdk/client-lambda', 'aws-lambda']],
  ['sim', ['./copy', '../core/run/call']],
  ['lib', ['../core/graph', 'node:path', 'aws-cdk-lib', 'aws-cdk-lib/aws-lambda', 'constructs']],
  ['local/aws', ['./lambda', '../world', '../../sim/component', '../../lambda/orchestrator', 'node:http']],
  ['bin', ['./usage', '../local', '../core/graph', '../lambda/orchestrator', 'node:fs']],
])('%s', (folder, modules) => {
  const file = write(folder, imports(modules));

  test(`imports any of ${modules.join(', ')}`, () => {
    expect(brokenRules.get(file)).toEqual([]);
  });
});

describe.each(['core/run', 'sim'])('%s', (folder) => {
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
  const file = write(folder, uses.join('\n'));

  test('has no clock, no randomness and no I/O', () => {
    expect(brokenRules.get(file)).toEqual(uses.map(() => 'lint/style/noRestrictedGlobals'));
  });
});
