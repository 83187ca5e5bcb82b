import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');

/** A quoted word with a prefix, as ids of checks are; `application/json` is one too. */
const ID = /(?<=['`])[a-z]+(?:-[a-z]+)*\/[a-z]+(?:-[a-z]+)*(?=['`])/g;

const NO_IDS: ReadonlySet<string> = new Set(['application/json']);

const IMPORT = /^(?:import|export|\}) .*from '.*';$|^import '.*';$|require\(.*\)/;

const textsIn = (folder: string, end: string): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(end) && !__filename.endsWith(name))
    .map((name) => readFileSync(join(ROOT, folder, name), 'utf8'));

function idsIn(source: string): string[] {
  const lines = source.split('\n').filter((line) => !IMPORT.test(line));
  return (lines.join('\n').match(ID) ?? []).filter((id) => !NO_IDS.has(id));
}

/** Where shapes are checked, which have the same three checks everywhere. */
const SHAPE = /(?:checkShape\(|assertShape\(this, )'([a-z-]+)'/g;

const shapeIdsIn = (source: string): string[] =>
  [...source.matchAll(SHAPE)].flatMap(([, area]) => ['missing', 'kind', 'unknown'].map((check) => `${area}/${check}`));

const ids = [...new Set(textsIn('lib', '.ts').flatMap((source) => [...idsIn(source), ...shapeIdsIn(source)]))].sort();

// In a regular expression the slash is escaped.
const tests = textsIn('test', '.test.ts').join('\n').replaceAll('\\/', '/');

test('the ids of checks are found', () => {
  expect(ids.length).toBeGreaterThan(150);
  expect(ids).toEqual(expect.arrayContaining(['fleet/min-above-max', 'prewarming/missing', 'tuner/late-target']));
});

test('the id of every check occurs in a test', () => {
  expect(ids.filter((id) => !new RegExp(`(?<![\\w-])${id}(?![\\w-])`).test(tests))).toEqual([]);
});
