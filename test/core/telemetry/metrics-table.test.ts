import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as metrics from '../../../core/telemetry/metrics';

const page = readFileSync(join(__dirname, '../../../docs/observability.md'), 'utf8');

/** The names in the first column of each table of the page. */
const documented = new Set(
  page
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .flatMap((line) => [...line.split('|')[1]!.matchAll(/`(\w+)`/g)].map(([, name]) => name!)),
);

/** Each list of metrics with their units, by its name. */
const lists = Object.entries(metrics).filter(([name]) => name.endsWith('_METRICS'));

test('there are lists of metrics', () => {
  expect(lists.map(([name]) => name)).toEqual(expect.arrayContaining(['RUN_METRICS', 'ADMISSION_METRICS']));
});

test.each(lists)('the page on observability explains each of %s', (_, list) => {
  expect(Object.keys(list).filter((name) => !documented.has(name))).toEqual([]);
});
