import { renderMarkdown } from '../../../sim/report/markdown';
import { experimentFixture } from './experiment-fixture';

const FULL = experimentFixture();
const MARKDOWN = renderMarkdown(FULL);
const SMALL = experimentFixture({ seeds: 2, cells: 2, points: 2 });

test('the summary has the verdict and the tables that carry it', () => {
  expect(MARKDOWN.match(/^#+ .*$/gm)).toEqual([
    '## Support agent, two weeks',
    '### Comparisons',
    '### Cells',
    '### Throughput at the objective',
    '### Sensitivity',
    '### Where the static fleet wins',
    '### Optimality',
    '### Matched conditions',
    '### Threats to validity',
    '### How to reproduce',
  ]);
  expect(MARKDOWN).toContain('**Autoscaled wins both primary endpoints.** P95 at equal spend: ');
  expect(MARKDOWN).toContain('```sh\ncompound simulate scenarios/support-agent.json');
});

test('every row of a table has as many cells as its header', () => {
  const tables = MARKDOWN.split('\n\n').filter((block) => block.startsWith('|'));

  expect(tables).toHaveLength(6);
  for (const table of tables) {
    const widths = table.split('\n').map((line) => line.match(/(?<!\\)\|/g)!.length);
    expect(new Set(widths).size).toBe(1);
  }
});

test('text from the data means nothing in Markdown', () => {
  const hostile = '<script>|a|\n# *b* `c` [d](https://example.com)';
  const markdown = renderMarkdown({
    ...SMALL,
    scenario: { name: hostile, description: '' },
    conditions: [{ name: hostile, value: 'x', holds: true }],
  });

  const text = '&lt;script&gt;\\|a\\| \\# \\*b\\* \\`c\\` \\[d\\](https\\://example.com)';
  expect(markdown).toContain(`## ${text}\n`);
  expect(markdown).toContain(`| ${text} | x | ✓ holds |`);
});

test('a command with a fence in it stays within its own', () => {
  const command = 'run ```\n# not a heading';
  const markdown = renderMarkdown({ ...SMALL, madeBy: { ...SMALL.madeBy, command } });

  expect(markdown).toContain(`\`\`\`\`sh\n${command}\n\`\`\`\``);
});

test('what a quick run leaves out is not there, and its few seeds are a caution', () => {
  const { throughput: _1, sensitivity: _2, staticWins: _3, ...quick } = SMALL;
  const markdown = renderMarkdown({ ...quick, comparisons: [] });

  expect(markdown).not.toMatch(/### (Throughput|Sensitivity|Where|Comparisons)/);
  expect(markdown).toContain('> **Caution:** 2 seeds: a quick look.');
});

test('equal results give equal summaries without gaps', () => {
  expect(renderMarkdown(structuredClone(FULL))).toBe(MARKDOWN);
  expect(MARKDOWN).not.toMatch(/NaN|undefined|Infinity|null/);
});

test('a missed objective, seeds without a P95 and what is left out of the sensitivity are said', () => {
  const [first] = FULL.comparisons;
  const late = {
    ...first!,
    winner: null,
    unequal: `${first!.of} misses the objective`,
    unreached: { of: 0, against: 2 },
  };
  const markdown = renderMarkdown({
    ...FULL,
    comparisons: [late],
    leftOut: ['cost at equal objective, load: at x3 late'],
  });

  expect(markdown).toContain('static@equal-spend has no P95 in 2 of 20 seeds');
  expect(markdown).toContain('modular+parallel+prewarm+tuned misses the objective, so neither wins |');
  expect(markdown).toContain('Left out: cost at equal objective, load: at x3 late.');
});
