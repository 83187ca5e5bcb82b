import fc from 'fast-check';
import type { ExperimentResult } from '../../../sim/experiment/result';
import { renderHtml } from '../../../sim/report/html';
import { experimentFixture } from './experiment-fixture';
import { type Element, elementsOf, hasClass, parseXml, textOf } from './parse-xml';

const FULL = experimentFixture();
const HTML = renderHtml(FULL);
const PAGE = parsed(HTML);
const SMALL = experimentFixture({ seeds: 2, cells: 2, points: 5 });

function parsed(html: string): Element {
  expect(html).toMatch(/^<!doctype html>\n<html lang="en">/);
  return parseXml(html.slice('<!doctype html>\n'.length));
}

/** The content under the heading of a section. */
function sectionOf(page: Element, id: string): Element {
  return elementsOf(page, 'section').find((section) => section.attributes.get('aria-labelledby') === id)!;
}

test('the page has the verdict and every section, in the order in which a reviewer asks', () => {
  const [title, verdict, ...sections] = elementsOf(PAGE, 'h2').map(textOf);

  expect(elementsOf(PAGE, 'h1').map(textOf)).toEqual(['Support agent, two weeks']);
  expect([title, verdict]).toEqual(['Autoscaled wins both primary endpoints', 'Matched conditions']);
  expect(sections).toEqual([
    'Cost against P95',
    'Cells',
    'Where the P95 goes',
    'Effects of the factors',
    'Comparisons, seed by seed',
    'Load and capacity over time',
    'Cold-start cascades',
    'Throughput at the objective',
    'Sensitivity',
    'Where the static fleet wins',
    'Beside the optimum',
    'Threats to validity',
    'How to reproduce',
  ]);
});

test('every chart is an image with a title and a description of its own', () => {
  const charts = elementsOf(PAGE, 'svg').filter((svg) => svg.attributes.get('role') === 'img');

  expect(charts.length).toBeGreaterThan(20);
  for (const chart of charts) {
    const named = chart.attributes.get('aria-labelledby')!.split(' ');
    const [title, description] = [elementsOf(chart, 'title')[0]!, elementsOf(chart, 'desc')[0]!];
    expect(named).toEqual([title.attributes.get('id'), description.attributes.get('id')]);
    expect(textOf(title)).not.toBe('');
    expect(textOf(description)).not.toBe('');
  }
  const others = elementsOf(PAGE, 'svg').filter((svg) => !charts.includes(svg));
  expect(others.every((svg) => svg.attributes.get('aria-hidden') === 'true')).toBe(true);
});

test('every table has a caption, and headers with a scope', () => {
  const tables = elementsOf(PAGE, 'table');

  expect(tables.length).toBeGreaterThan(8);
  for (const table of tables) {
    expect(textOf(elementsOf(table, 'caption')[0]!)).not.toBe('');
    const scopes = elementsOf(table, 'th').map((header) => header.attributes.get('scope'));
    expect(new Set(scopes)).toEqual(new Set(['col', 'row']));
    const widths = elementsOf(table, 'tr').map((row) => row.children.filter((cell) => typeof cell !== 'string').length);
    expect(new Set(widths).size).toBe(1);
  }
});

test('ids are unique, and every link leads to one', () => {
  const ids = [...HTML.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);

  expect(new Set(ids).size).toBe(ids.length);
  for (const link of elementsOf(PAGE, 'a')) expect(ids).toContain(link.attributes.get('href')!.slice(1));
  for (const [, id] of HTML.matchAll(/url\(#([^)]*)\)/g)) expect(ids).toContain(id);
});

test('the page needs nothing from anywhere, and no script', () => {
  expect(HTML).not.toMatch(/https?:|\/\/\w|<script|\ssrc=|@import|@font-face|\son\w+=/);
  expect([...HTML.matchAll(/url\((.)/g)].every(([, first]) => first === '#')).toBe(true);
  expect(HTML).toContain(`content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"`);
});

test('an address in the data stays text', () => {
  const page = parsed(renderHtml({ ...SMALL, threats: ['see https://example.com/traces'] }));

  expect(textOf(sectionOf(page, 'threats'))).toContain('see https://example.com/traces');
  expect(elementsOf(page, 'a').filter((link) => !link.attributes.get('href')!.startsWith('#'))).toEqual([]);
});

test('every seed of every cell is a dot in the picture of cost against P95', () => {
  const [desk, phone] = elementsOf(sectionOf(PAGE, 'pareto'), 'svg').filter((svg) => svg.attributes.has('role'));

  for (const chart of [desk!, phone!]) {
    const marks = elementsOf(chart, 'path');
    expect(marks.filter((mark) => hasClass(mark, 'dot'))).toHaveLength(FULL.rows.length);
    expect(marks.filter((mark) => hasClass(mark, 'mean'))).toHaveLength(FULL.cells.length);
  }
});

test('a run without a P95 is a cross, and its cell a dash in the table', () => {
  const rows = SMALL.rows.map((row) => (row.cell === 'static' ? { ...row, p95Ms: null } : row));
  const cells = SMALL.cells.map((cell) =>
    cell.cell === 'static' ? { ...cell, p95Ms: null, attainment: { mean: 0.9, low: 0.9, high: 0.9 } } : cell,
  );
  const page = parsed(renderHtml({ ...SMALL, rows, cells }));

  const [desk] = elementsOf(sectionOf(page, 'pareto'), 'svg').filter((svg) => svg.attributes.has('role'));
  expect(elementsOf(desk!, 'path').filter((mark) => hasClass(mark, 'unreached'))).toHaveLength(2);
  const [row] = elementsOf(sectionOf(page, 'cells'), 'tr').slice(1);
  expect(elementsOf(row!, 'td').slice(1, 3).map(textOf)).toEqual(['–', '✗ missed']);
  expect(textOf(sectionOf(page, 'effects'))).toContain('Effects on the P95 are left out where they would include');
});

test('a condition that does not hold is said in words, above everything else', () => {
  const conditions = [{ name: 'request list', value: 'differs', holds: false }];
  const page = parsed(renderHtml({ ...FULL, conditions }));

  expect(textOf(elementsOf(page, 'h2')[0]!)).toBe('No verdict: not every condition is matched');
  expect(textOf(sectionOf(page, 'conditions'))).toContain('✗ does not hold');
});

test('a comparison without a number, and the seeds without a P95, are told in words and leave no gap', () => {
  const [first, ...others] = FULL.comparisons;
  const lost = {
    ...first!,
    ...{ change: null, statistic: 'median' as const, unreached: { of: 20, against: 0 }, winner: first!.against },
    bySeed: first!.bySeed.map(() => null),
  };
  const html = renderHtml({ ...FULL, comparisons: [lost, ...others] });

  expect(textOf(sectionOf(parsed(html), 'comparisons'))).toContain(
    'modular+parallel+prewarm+tuned has no P95 in 20 of 20',
  );
  expect(html).not.toMatch(/NaN|undefined|Infinity|null/);
});

test('what the sensitivity has no row for is listed, with the reason', () => {
  const leftOut = ['p95 at equal spend, load: at x3 too many requests failed'];
  for (const result of [
    { ...FULL, leftOut },
    { ...FULL, sensitivity: [], leftOut },
  ]) {
    expect(textOf(sectionOf(parsed(renderHtml(result)), 'sensitivity'))).toContain(leftOut[0]!);
  }
});

test('what a quick run leaves out is one line each', () => {
  const { throughput: _1, sensitivity: _2, staticWins: _3, ...quick } = SMALL;
  const page = parsed(renderHtml({ ...quick, effects: [], comparisons: [], series: [], cascades: [] }));

  const ids = ['effects', 'comparisons', 'series', 'cascades', 'throughput', 'sensitivity', 'static-wins'];
  for (const id of ids) {
    const content = sectionOf(page, id).children.slice(1) as Element[];
    expect(content.map(({ name, attributes }) => [name, attributes.get('class')])).toEqual([['p', 'absent']]);
  }
});

/** The result with its texts replaced. */
function withTexts(text: string): ExperimentResult {
  const rename = (cell: string) => `${text}${cell}`;
  return {
    ...SMALL,
    scenario: { name: text, description: text },
    madeBy: { version: text, platform: text, command: text },
    conditions: [{ name: text, value: text, holds: true }],
    rows: SMALL.rows.map((row) => ({ ...row, cell: rename(row.cell) })),
    cells: SMALL.cells.map((cell) => ({ ...cell, cell: rename(cell.cell), title: text, levels: { capacity: text } })),
    comparisons: SMALL.comparisons.map((comparison) => ({ ...comparison, name: text, of: text, mechanism: text })),
    series: SMALL.series.map((series) => ({ ...series, cell: rename(series.cell) })),
    threats: [text],
  };
}

test('markup in the data is text on the page', () => {
  const hostile = `<script>alert(1)</script>"'><img src=x onerror=alert(1)>&amp;`;
  const html = renderHtml(withTexts(hostile));
  const page = parsed(html);

  expect(textOf(elementsOf(page, 'h1')[0]!)).toBe(hostile);
  expect(html).not.toMatch(/<script|<img/);
  expect(textOf(elementsOf(page, 'code').at(-1)!)).toBe(hostile);
});

test('whatever the texts are, the page is well-formed and says them', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 12 }), (text) => {
      const page = parsed(renderHtml(withTexts(text)));
      expect(textOf(elementsOf(page, 'pre')[0]!)).toBe(text);
    }),
    { numRuns: 20 },
  );
});

test('characters that no page may have are replaced', () => {
  const page = parsed(renderHtml({ ...SMALL, scenario: { name: 'a\u0000b\u001Bc\uD800d', description: '' } }));

  expect(textOf(elementsOf(page, 'h1')[0]!)).toBe('a\uFFFDb\uFFFDc\uFFFDd');
});

test.each([
  ['as it is', {}],
  ['of one seed', { seeds: 1 }],
  ['of one point in time', { points: 1 }],
  ['of no cell', { cells: 0 }],
])('no number on the page of a result %s is missing', (_, size) => {
  const html = renderHtml(experimentFixture({ seeds: 2, cells: 2, points: 5, ...size }));

  expect(html.match(/.{0,60}(?:NaN|undefined|Infinity|null)/g)).toBeNull();
});

test('equal results give equal pages, and rendering changes no result', () => {
  const before = structuredClone(FULL);

  expect(renderHtml(structuredClone(FULL))).toBe(HTML);
  expect(FULL).toEqual(before);
});

test('twenty cells of twenty seeds take less than a megabyte, however long their series are', () => {
  expect(Buffer.byteLength(HTML)).toBeLessThan(500_000);
  expect(Buffer.byteLength(renderHtml(experimentFixture({ points: 2000 })))).toBeLessThan(1_000_000);
});
