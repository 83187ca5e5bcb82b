// cfn-lint over the templates of the example stacks: npm run test:cfn-lint.
// Needs Python 3. It is installed once, in .cache/cfn-lint.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, globSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const VERSION = '1.58.0';

/** W3005: a dependency that a reference already makes. The CDK states it for everything that has a role. */
const IGNORED = ['W3005'];

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const cache = join(root, '.cache', `cfn-lint-${VERSION}`);
const scripts = join(cache, process.platform === 'win32' ? 'Scripts' : 'bin');
const output = join(root, '.cache', 'cdk.out');

try {
  installLinter();
  rmSync(output, { recursive: true, force: true });
  execFileSync('npx', ['--no-install', 'cdk', 'synth', '--quiet', '--output', output], { cwd: root, stdio: 'inherit' });
  const templates = globSync(join(output, '**/*.template.json'));
  const { status } = spawnSync(join(scripts, 'cfn-lint'), ['--ignore-checks', ...IGNORED, '--', ...templates], {
    stdio: 'inherit',
  });
  console.log(status === 0 ? `ok  ${templates.length} templates` : 'cfn-lint has findings');
  process.exitCode = status ?? 1;
} catch (error) {
  console.error(`test:cfn-lint: ${error.message}`);
  process.exitCode = 1;
}

function installLinter() {
  if (existsSync(join(scripts, 'cfn-lint'))) return;
  const python = process.platform === 'win32' ? 'python' : 'python3';
  try {
    execFileSync(python, ['-m', 'venv', cache], { stdio: ['ignore', 2, 2] });
    execFileSync(join(scripts, 'pip'), ['install', '--quiet', `cfn-lint==${VERSION}`], { stdio: ['ignore', 2, 2] });
  } catch (cause) {
    rmSync(cache, { recursive: true, force: true });
    throw new Error('cfn-lint could not be installed: it needs Python 3 with venv and pip', { cause });
  }
}
