import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ConstructProps, constructModule, constructProps } from '../../../sim/planner/construct-props';
import { INSTANCE_OFFERS } from '../../../sim/planner/instance-offers';
import { inferenceComponent8b } from '../../../sim/world/presets';
import { AN_8B } from './support';

const ROOT = join(__dirname, '../../..');

const G7E = INSTANCE_OFFERS.find(({ type }) => type === 'ml.g7e.12xlarge')!;

function propsOf(names: readonly string[]): ConstructProps {
  const hosted = names.map((name) => ({ name, variants: [AN_8B], coldStart: inferenceComponent8b.coldStart }));
  const copies = Object.fromEntries(names.map((name, at) => [name, { min: at, max: 3, targetConcurrency: 8 }]));
  return constructProps({ hosted }, { deployment: { offer: G7E, maxInstances: 4, copies } });
}

test('the numbers stand under the names of the constructs', () => {
  const resources = { accelerators: 1, cpuCores: 4, memoryMiB: 32_768 };
  expect(propsOf(['expert', 'writer'])).toEqual({
    fleet: { instanceTypes: ['ml.g7e.12xlarge'], minInstances: 1, maxInstances: 4 },
    components: {
      expert: { resources, autoScaleCopies: { min: 0, max: 3, targetConcurrency: 8 } },
      writer: { resources, autoScaleCopies: { min: 1, max: 3, targetConcurrency: 8 } },
    },
  });
});

test('a fleet may disappear only if no component always has a copy', () => {
  expect(propsOf(['expert']).fleet.minInstances).toBe(0);
});

describe('as a module', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'plan-'));
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  test('it type-checks against the constructs, whatever the components are called', () => {
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
  }, 30_000);
});

/** What the compiler has to say. */
function compile(tsc: string, folder: string): string {
  try {
    return execFileSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' });
  } catch (error) {
    return (error as { stdout: string }).stdout;
  }
}
