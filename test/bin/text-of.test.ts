import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { textOf } from '../../bin/text-of';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'text-of-'));
});

afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function read(path: string): Promise<string> {
  let text = '';
  for await (const piece of textOf(path)) text += piece;
  return text;
}

/** Longer than what is read at once, of letters of two bytes. */
const TEXT = 'é1,2,3\n'.repeat(40_000);

test.each([
  ['as it is', TEXT],
  ['packed', gzipSync(TEXT)],
  ['packed in two parts', Buffer.concat([gzipSync(TEXT.slice(0, 70)), gzipSync(TEXT.slice(70))])],
])('a text is read %s, whatever the name of its file', async (_, content) => {
  expect(await read(write('trace.csv', content))).toBe(TEXT);
});

test.each(['', 'x'])('a file of %j is no shorter than a mark of its kind needs', async (text) => {
  expect(await read(write('short.csv.gz', text))).toBe(text);
});

test('a packed file that was cut short is named, with what to do', async () => {
  const path = write('cut.csv.gz', gzipSync(TEXT).subarray(0, 200));
  await expect(read(path)).rejects.toThrow(`${path} is no whole gzip file, unexpected end of file: fetch it again`);
});

test('whoever wants only the beginning gets it', async () => {
  const path = write('long.csv.gz', gzipSync(TEXT));
  for await (const piece of textOf(path)) {
    expect(piece.startsWith('é1,2,3\n')).toBe(true);
    break;
  }
});
