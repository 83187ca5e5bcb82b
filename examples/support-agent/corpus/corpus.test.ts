import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCorpus } from './corpus';

const text = 'Buckets keep objects. '.repeat(20).trim();

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'corpus-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

function addReadme(folder: string, markdown: string): void {
  mkdirSync(join(directory, folder), { recursive: true });
  writeFileSync(join(directory, folder, 'README.md'), markdown);
}

test('a README becomes passages that know their file and heading', () => {
  addReadme(
    'aws-s3',
    `# Amazon S3 Construct Library\n<!--BANNER-->\n\n${text}\n\n## Grants\n\n### Read\n\nUse grantRead.`,
  );
  expect(readCorpus(directory)).toEqual([
    {
      name: 'aws-s3',
      title: 'Amazon S3',
      topics: ['Grants'],
      passages: [
        { id: 'aws-s3#1', source: 'aws-cdk-lib/aws-s3/README.md', heading: 'Amazon S3', text },
        { id: 'aws-s3#2', source: 'aws-cdk-lib/aws-s3/README.md', heading: 'Grants > Read', text: 'Use grantRead.' },
      ],
    },
  ]);
});

test.each([
  ['generated for a module without constructs of its own', 'aws-wickr', `<!--BEGIN CFNONLY DISCLAIMER-->\n${text}`],
  ['too short to say anything', 'core', '# Core\n\nSee aws-cdk-lib.'],
  ['of a dependency', 'node_modules/yaml', `# YAML\n\n${text}`],
])('a README that is %s is left out', (_, folder, markdown) => {
  addReadme(folder, markdown);
  expect(readCorpus(directory)).toEqual([]);
});
