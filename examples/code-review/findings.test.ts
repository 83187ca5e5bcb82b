import { inOrder, locateFindings } from './findings';
import type { Analysis, Finding, Severity, SourceFunction } from './schemas';

const fn = (name: string): SourceFunction => ({ path: 'a.ts', name, startLine: 10, endLine: 20, source: '' });
const finding = (title: string, severity: Severity, line = 12): Finding => ({
  title,
  severity,
  line,
  detail: '',
  suggestion: '',
});
const analysis = (...findings: Finding[]): Analysis => ({ findings });

test('findings know their function and their aspect, the severe ones first', () => {
  const located = locateFindings(
    [fn('load'), fn('save')],
    [
      { aspect: 'complexity', analyses: [analysis(finding('Long', 'low')), undefined] },
      { aspect: 'security', analyses: [undefined, analysis(finding('Eval', 'high'))] },
    ],
  );
  expect(located).toMatchObject([
    { id: 1, title: 'Eval', aspect: 'security', function: 'save', path: 'a.ts' },
    { id: 2, title: 'Long', aspect: 'complexity', function: 'load', path: 'a.ts' },
  ]);
});

test.each([
  [1, 10],
  [15, 15],
  [999, 20],
])('a model that names line %p of a function in lines 10 to 20 means line %p', (named, meant) => {
  const analyses = [analysis(finding('Eval', 'high', named))];
  expect(locateFindings([fn('load')], [{ aspect: 'security', analyses }])[0]?.line).toBe(meant);
});

describe('a ranking', () => {
  const findings = locateFindings(
    [fn('load')],
    [{ aspect: 'errors', analyses: [analysis(finding('A', 'low'), finding('B', 'low'), finding('C', 'low'))] }],
  );

  test.each([
    ['is followed', [3, 1, 2], ['C', 'A', 'B']],
    ['loses no finding that it forgets', [3], ['C', 'A', 'B']],
    ['doubles no finding that it repeats', [2, 2, 1, 3], ['B', 'A', 'C']],
    ['makes up no finding', [7, 2], ['B', 'A', 'C']],
  ])('%s', (_, order, titles) => {
    expect(inOrder(findings, { order }).map(({ title }) => title)).toEqual(titles);
  });

  test('that is missing leaves the order of severity', () => {
    expect(inOrder(findings, undefined)).toEqual(findings);
  });
});
