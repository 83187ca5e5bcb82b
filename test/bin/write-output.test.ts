import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeOutput } from '../../bin/write-output';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'compound-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

test('a file is written where the option says', async () => {
  await writeOutput('--svg', join(folder, 'run.svg'), '<svg/>');
  expect(readFileSync(join(folder, 'run.svg'), 'utf8')).toBe('<svg/>');
});

test('a file that cannot be written names the option and what to do', async () => {
  await expect(writeOutput('--svg', join(folder, 'none', 'run.svg'), '<svg/>')).rejects.toThrow(
    `--svg: cannot write ${folder}/none/run.svg: there is no folder ${folder}/none: make it, or name another`,
  );
  await expect(writeOutput('--out', folder, '')).rejects.toThrow(
    `--out: cannot write ${folder}: it is a folder: name a file in it`,
  );
});
