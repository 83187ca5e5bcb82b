import { type RowSpan, type RunRow, runRows } from '../../core/report/run-rows';
import type { StoredRun } from '../../core/report/stored-run';
import { copyTime, dollars, duration } from '../../core/report/units';
import type { RunSummary } from './run-summary';

const NAME_COLUMNS = 22;
const BAR_COLUMNS = 48;

const GLYPHS: Readonly<Record<RowSpan['kind'], string>> = { cold: '▒', wait: '░', service: '█', calls: '─' };

const LEGEND = `${GLYPHS.cold} waits for a copy  ${GLYPHS.wait} waits otherwise  ${GLYPHS.service} is worked on  * critical path`;

const INDENTS: Readonly<Record<RunRow['kind'], string>> = { node: '', task: '  ', call: '    ', folded: '    ' };

/** A run for a terminal: what it took, and a bar for each node and call. */
export function runText(run: StoredRun): string {
  const { runId, timestamp, record, priceSources = {} } = run;
  const { graph, status, wallMs, overheadMs, costUsd, copySeconds, usage, criticalPath } = record;
  const rows = runRows(run);
  const endMs = rows.reduce((latest, { toMs }) => Math.max(latest, toMs), wallMs);
  const errors = Object.values(record.nodes).flatMap(({ error }) => (error ? [error] : []));
  const lines = [
    `${graph} ${status} in ${duration(wallMs)}, ended ${timestamp}`,
    `run ${runId}`,
    [
      `${usage.inputTokens} input and ${usage.outputTokens} output tokens`,
      ...(copySeconds !== undefined ? [copyTime(copySeconds)] : []),
      dollars(costUsd),
      `engine ${duration(Math.max(0, overheadMs))}`,
    ].join(', '),
    ...sourceLines(priceSources),
    '',
    ...rows.map((row) => drawRow(row, endMs)),
    `${' '.repeat(NAME_COLUMNS)}0${duration(endMs).padStart(BAR_COLUMNS - 1)}`,
    '',
    LEGEND,
    ...(criticalPath.length > 0 ? [`critical path: ${criticalPath.join(' > ')}`] : []),
    ...[...new Set(errors.map(({ at, kind, message }) => `${at}: ${kind}: ${message}`))],
  ];
  return `${lines.join('\n')}\n`;
}

/** A line for each source of prices, with the components whose calls they are of. */
function sourceLines(priceSources: Readonly<Record<string, string>>): string[] {
  return [...new Set(Object.values(priceSources))].map((source) => {
    const components = Object.keys(priceSources).filter((component) => priceSources[component] === source);
    return `prices of ${components.join(', ')}: ${source}`;
  });
}

/** Runs, a line for each, in their order. */
export function runList(runs: readonly RunSummary[]): string {
  const lines = runs.map(({ runId, timestamp, graph, status, wallMs, costUsd }) =>
    [timestamp, runId, graph, status, duration(wallMs), dollars(costUsd)].join('  '),
  );
  return `${lines.join('\n')}\n`;
}

function drawRow(row: RunRow, endMs: number): string {
  const mark = row.isCritical && (row.kind === 'node' || row.kind === 'task') ? '*' : ' ';
  const name = `${INDENTS[row.kind]}${row.name}`;
  const shown = name.length > NAME_COLUMNS - 3 ? `${name.slice(0, NAME_COLUMNS - 4)}…` : name;
  return `${mark} ${shown.padEnd(NAME_COLUMNS - 2)}${barOf(row, endMs)}  ${row.notes.join(', ')}`.trimEnd();
}

/** Each span takes a column at least, so that what was short is seen too. */
function barOf({ spans }: RunRow, endMs: number): string {
  const cells = new Array<string>(BAR_COLUMNS).fill(' ');
  for (const { kind, fromMs, toMs } of spans) {
    const from = Math.min(BAR_COLUMNS - 1, Math.floor((fromMs / endMs) * BAR_COLUMNS));
    const to = Math.max(from + 1, Math.round((toMs / endMs) * BAR_COLUMNS));
    cells.fill(GLYPHS[kind], from, Math.min(to, BAR_COLUMNS));
  }
  return cells.join('');
}
