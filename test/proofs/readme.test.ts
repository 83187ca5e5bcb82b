import { execFileSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readConfig } from '../../lambda/orchestrator/config';
import manifest from '../../package.json';

const ROOT = join(__dirname, '../..');
const PAGES = globSync(['README.md', 'docs/**/*.md', 'examples/*/README.md'], { cwd: ROOT });

interface Block {
  readonly page: string;
  readonly line: number;
  readonly language: string;
  readonly code: string;
}

const blocks: Block[] = PAGES.flatMap((page) => {
  const text = readFileSync(join(ROOT, page), 'utf8');
  return [...text.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map((match) => ({
    page,
    line: text.slice(0, match.index).split('\n').length,
    language: match[1]!,
    code: match[2]!,
  }));
});

const blocksOf = (language: string) => blocks.filter((block) => block.language === language);

/** A folder of this repository, where modules import the package by its name. */
let directory: string;

beforeAll(() => {
  mkdirSync(join(ROOT, '.cache'), { recursive: true });
  directory = mkdtempSync(join(ROOT, '.cache/readme-'));
});

afterAll(() => rmSync(directory, { recursive: true }));

test('every TypeScript block compiles as a module of its own', () => {
  const modules = blocksOf('ts').map(({ page, line, code }) => {
    const folder = page.replaceAll(/\W/g, '-');
    // A block that is a file of its own says so in its first line: others may import it.
    const path = /^\/\/ ([\w/-]+\.ts)\n/.exec(code)?.[1];
    const name = join(folder, path ?? `line-${line}.ts`);
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), code);
    return name;
  });
  expect(modules.length).toBeGreaterThan(3);
  const tsconfig = join(directory, 'tsconfig.json');
  writeFileSync(tsconfig, JSON.stringify({ extends: '../../tsconfig.json', include: [], files: modules }));
  expect(compile(tsconfig)).toBe('');
});

test('the app of the README takes 20 lines', () => {
  const { code } = blocks.find((block) => block.page === 'README.md' && block.code.startsWith('// bin/app.ts'))!;
  expect(code.trimEnd().split('\n').slice(1).length).toBeLessThanOrEqual(20);
});

test('the app of the README is synthesized', () => {
  const cwd = join(directory, 'README-md');
  const outdir = join(cwd, 'cdk.out');
  execFileSync(process.execPath, ['--conditions=source', '--import', 'tsx', 'bin/app.ts'], {
    cwd,
    // Bundling reads the built package, which a clone does not have.
    env: { ...process.env, CDK_OUTDIR: outdir, CDK_CONTEXT_JSON: JSON.stringify({ 'aws:cdk:bundling-stacks': [] }) },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const { Resources } = JSON.parse(readFileSync(join(outdir, 'Essay.template.json'), 'utf8'));
  const types = Object.values<{ readonly Type: string }>(Resources).map(({ Type }) => Type);
  expect(types).toEqual(expect.arrayContaining(['AWS::SageMaker::InferenceComponent', 'Custom::BedrockImportedModel']));
});

/** What the compiler complains about. */
function compile(tsconfig: string): string {
  try {
    return execFileSync(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', tsconfig], {
      encoding: 'utf8',
    });
  } catch (error) {
    return (error as { readonly stdout: string }).stdout;
  }
}

test('every JSON block with bindings is a configuration', () => {
  const configs = blocksOf('json').filter(({ code }) => 'bindings' in JSON.parse(code));
  expect(configs.length).toBeGreaterThan(0);
  for (const { code } of configs) {
    const path = join(directory, 'config.json');
    writeFileSync(path, code);
    expect(readConfig(path)).toEqual(JSON.parse(code));
  }
});

/** The options of each command, as its source declares them. */
const COMPOUND: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  ['ask', 'demo', 'graph', 'local', 'plan', 'profile', 'run', 'simulate', 'slo', 'tuner', 'validate'].map((name) => {
    const source = readFileSync(join(ROOT, 'bin/commands', `${name}.ts`), 'utf8');
    return [
      name,
      [...source.matchAll(/'?([\w-]+)'?: \{ type: '(?:string|boolean)'/g)].map(([, option]) => `--${option}`),
    ];
  }),
);

/** Commands that are not ours. */
const FOREIGN = ['aws', 'curl', 'npm install', 'npx tsx', 'npx cdk'];

const commands = blocksOf('sh').flatMap(({ page, code }) =>
  code
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    // Without a comment behind, and variables before.
    .map((line) =>
      line
        .replace(/\s+#\s.*$/, '')
        .replace(/^(?:[A-Z_]+=\S+ )+/, '')
        .trim(),
    )
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((command) => ({ page, command })),
);

test.each(commands)('$page: $command is a command that exists', ({ command }) => {
  const compound = /^(?:npx compound|npm run --silent compound --|npm start --|npm start)(?: (.*))?$/.exec(command);
  const script = /^npm (?:run )?(?:--silent )?([\w:-]+)/.exec(command)?.[1];
  if (compound) expectCompound(command.startsWith('npm start') ? `local ${compound[1] ?? ''}` : compound[1]!);
  else if (!FOREIGN.some((foreign) => command.startsWith(`${foreign} `))) {
    expect(Object.keys(manifest.scripts)).toContain(script);
  }
});

/** A command of the command line with options that it knows, and files that are there. */
function expectCompound(args: string): void {
  const words = args
    .replaceAll(/'[^']*'/g, 'QUOTED')
    .split(/\s+/)
    .filter(Boolean);
  const [name = '', ...rest] = words;
  expect(Object.keys(COMPOUND)).toContain(name);
  for (const word of rest) {
    if (word.startsWith('--')) expect(COMPOUND[name]).toContain(word);
    if (word.startsWith('examples/')) expect(existsSync(join(ROOT, word))).toBe(true);
  }
}

test.each(PAGES)('every link of %s to a file leads to one', (page) => {
  const text = readFileSync(join(ROOT, page), 'utf8').replaceAll(/^```[\s\S]*?^```$/gm, '');
  const targets = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target!);
  const files = targets.filter((target) => !/^(https?:|mailto:|#)/.test(target)).map((target) => target.split('#')[0]!);
  expect(files.filter((file) => !existsSync(join(ROOT, dirname(page), file)))).toEqual([]);
});

test('every file of the repository that the architecture names is there', () => {
  const text = readFileSync(join(ROOT, 'docs/architecture.md'), 'utf8');
  const files = [...text.matchAll(/`((?:core|lambda|local|sim|bin|bench|schemas)\/[\w./-]+\.\w+)`/g)].map(
    ([, file]) => file!,
  );
  expect(files.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
});
