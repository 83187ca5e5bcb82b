import { meetsObjective } from '../experiment/objective';
import type { CellSummary, Estimate, ExperimentResult } from '../experiment/result';
import { medianSeed, notesOf } from './comparison-words';
import {
  count,
  decimal,
  dollars,
  type Format,
  formatFor,
  interval,
  NONE,
  percent,
  plain,
  rounded,
  seconds,
  signedPercent,
} from './format';
import { paretoFront } from './pareto-front';
import { seedsOf, verdictOf } from './verdict';

/** The result in short, as Markdown for a README or a pull request: the verdict and the tables that carry it. */
export function renderMarkdown(result: ExperimentResult): string {
  const { scenario } = result;
  const { headline, findings, objective, cautions } = verdictOf(result);
  const blocks = [
    `## ${escaped(scenario.name)}`,
    escaped(scenario.description),
    `**${escaped(headline)}.** ${escaped([...findings.map(({ sentence }) => sentence), objective].join(' '))}`,
    ...cautions.map((caution) => `> **Caution:** ${escaped(caution)}`),
    ...comparisons(result),
    '### Cells',
    cells(result),
    ...throughput(result),
    ...sensitivity(result),
    ...staticWins(result),
    '### Optimality',
    bounds(result),
    '### Matched conditions',
    conditions(result),
    ...threats(result),
    '### How to reproduce',
    fenced(result.madeBy.command),
    escaped(`${workload(result)} Version ${result.madeBy.version} on ${result.madeBy.platform}.`),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function comparisons({ comparisons: all }: ExperimentResult): string[] {
  if (all.length === 0) return [];
  const rows = all
    .toSorted((a, b) => Number(b.isPrimary) - Number(a.isPrimary))
    .map((comparison) => {
      const { name, isPrimary, of, against, change, mechanism } = comparison;
      const middle = medianSeed(comparison);
      return [
        isPrimary ? `${name} (primary)` : name,
        of,
        against,
        change === null ? NONE : `${signedPercent(change.mean)} (${interval(change, (value) => signedPercent(value))})`,
        middle === null ? NONE : signedPercent(middle),
        [mechanism, ...notesOf(comparison)].join('; '),
      ];
    });
  return [
    '### Comparisons',
    table(['comparison', 'of', 'against', '>change (95 % interval)', '>median seed', 'by what means'], rows),
  ];
}

function cells(result: ExperimentResult): string {
  const front = new Set(paretoFront(result.cells));
  const inSeconds = formatFor(result.cells.map(({ p95Ms }) => (p95Ms === null ? NaN : p95Ms.mean / 1000)));
  const cost = formatFor(result.cells.map(({ costUsd }) => costUsd.mean));
  const rows = result.cells.map((cell: CellSummary) => [
    front.has(cell) ? `${cell.cell} (on the front)` : cell.cell,
    estimated(cell.p95Ms, (ms) => inSeconds(ms / 1000)),
    meetsObjective(cell) ? '✓ met' : '✗ missed',
    estimated(cell.costUsd, cost),
    percent(cell.attainment.mean, 2),
    percent(cell.coldShare.mean, 2),
    percent(cell.efficiency),
    cell.recovered === null ? NONE : percent(cell.recovered),
  ]);
  return table(['cell', '>P95, s', 'objective', '>cost, $', '>in time', '>cold', '>efficiency', '>recovered'], rows);
}

function throughput({ throughput: measured = [] }: ExperimentResult): string[] {
  if (measured.length === 0) return [];
  const rows = measured.map(({ cell, sustainableRps, ratio, at }) => [
    cell,
    rounded(sustainableRps),
    `${decimal(ratio, 2)} ×`,
    at,
  ]);
  return ['### Throughput at the objective', table(['cell', '>requests/s', '>beside the first', 'held equal'], rows)];
}

function sensitivity({ sensitivity: varied = [], leftOut = [] }: ExperimentResult): string[] {
  const left = leftOut.map((row) => escaped(`Left out: ${row}.`));
  if (varied.length === 0) return left.length === 0 ? [] : ['### Sensitivity', ...left];
  const rows = varied.map(({ parameter, on, low, high, changeAtLow, changeAtBase, changeAtHigh }) => [
    parameter,
    on,
    `${low} to ${high}`,
    ...[changeAtLow, changeAtBase, changeAtHigh].map((change) => signedPercent(change)),
  ]);
  return [
    '### Sensitivity',
    table(['assumption', 'endpoint', 'range', '>at low', '>as assumed', '>at high'], rows),
    ...left,
  ];
}

function staticWins({ staticWins: regions = [] }: ExperimentResult): string[] {
  if (regions.length === 0) return [];
  const rows = regions.map(({ name, finding, costChange, p95Change }) => [
    name,
    costChange === null ? NONE : signedPercent(costChange),
    p95Change === null ? NONE : signedPercent(p95Change),
    finding,
  ]);
  return [
    '### Where the static fleet wins',
    table(['condition', '>cost of modular', '>P95 of modular', 'finding'], rows),
  ];
}

function bounds({ bounds: { workUsd, capacityUsd, startUpUsd, p95Ms } }: ExperimentResult): string {
  return escaped(
    `No policy that answers every request costs less than ${dollars(workUsd)} on average, or has a P95 below ${seconds(p95Ms)} (every call alone in a warm copy). ` +
      `None that has the capacity for the work of every minute in that minute costs less than ${dollars(capacityUsd)}, or ${dollars(startUpUsd)} with start-ups.`,
  );
}

function conditions({ conditions: all }: ExperimentResult): string {
  if (all.length === 0) return 'None were checked.';
  return table(
    ['condition', 'value', 'check'],
    all.map(({ name, value, holds }) => [name, value, holds ? '✓ holds' : '✗ does not hold']),
  );
}

function threats({ threats: all }: ExperimentResult): string[] {
  return all.length === 0 ? [] : ['### Threats to validity', all.map((threat) => `- ${escaped(threat)}`).join('\n')];
}

function workload(result: ExperimentResult): string {
  const { requests, days, meanRps, peakRps } = result.workload;
  return (
    `${count(requests, 'request')} in ${plain(days)} days, ${plain(meanRps)} per second and ${plain(peakRps)} at the peak; ` +
    `${count(result.cells.length, 'cell')}, ${count(seedsOf(result), 'seed')}.`
  );
}

function estimated(estimate: Estimate | null, format: Format): string {
  return estimate === null ? NONE : `${format(estimate.mean)} (${interval(estimate, format)})`;
}

/** A column whose title begins with `>` is aligned to the right. */
function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cellsOfLine: readonly string[]) => `| ${cellsOfLine.join(' | ')} |`;
  return [
    line(titles.map((title) => title.replace(/^>/, ''))),
    line(titles.map((title) => (title.startsWith('>') ? '---:' : '---'))),
    ...rows.map((row) => line(row.map(escaped))),
  ].join('\n');
}

/** Text that means nothing in Markdown or in HTML, on one line; addresses make no links. */
function escaped(text: string): string {
  return text
    .replace(/\s*[\r\n]+\s*/g, ' ')
    .replace(/[\\`*_[\]|~#]|:(?=\/\/)/g, '\\$&')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;');
}

/** As code, in a fence longer than any in it. */
function fenced(code: string): string {
  const longest = Math.max(2, ...(code.match(/`+/g) ?? []).map((ticks) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}sh\n${code}\n${fence}`;
}
