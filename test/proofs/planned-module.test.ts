import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { constructModule } from '../../sim/planner/construct-props';
import { propsOf } from '../sim/planner/support';

const ROOT = join(__dirname, '../..');

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'plan-'));
});

afterAll(() => rmSync(folder, { recursive: true }));

test('a plan as a module type-checks against the constructs, whatever the components are called', () => {
  writeFileSync(join(folder, 'plain.ts'), constructModule(propsOf(['expert', 'writer']), 'support'));
  writeFileSync(
    join(folder, 'odd.ts'),
    constructModule(propsOf(['fact-checker', `the "expert's" \\ choice`]), 'a */ b'),
  );
  const tsconfig = {
    extends: join(ROOT, 'tsconfig.json'),
    compilerOptions: {
      types: ['node'],
      typeRoots: [join(ROOT, 'node_modules/@types')],
      paths: {
        'cdk-compound-inference': [join(ROOT, 'lib/index.ts')],
        constructs: [join(ROOT, 'node_modules/constructs')],
      },
    },
    include: ['*.ts'],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(tsconfig));
  writeFileSync(join(folder, 'package.json'), '{}');
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
  expect(compile(tsc, folder)).toBe('');
});

/** What the compiler has to say. */
function compile(tsc: string, folder: string): string {
  try {
    return execFileSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' });
  } catch (error) {
    return (error as { stdout: string }).stdout;
  }
}
