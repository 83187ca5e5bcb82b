import { GANTT_STYLE } from './gantt-style';
import { type Markup, markup } from './markup';
import { type RowSpan, type RunRow, runRows } from './run-rows';
import type { StoredRun } from './stored-run';
import { timeTicks } from './time-ticks';
import { copyTime, count, dollars, duration } from './units';

const WIDTH = 900;
const NAMES_PX = 24;
const PLOT = { left: 196, right: 640 };
const NOTES_PX = 652;
const ROWS_TOP = 104;
const ROW_PX = 26;
const BAR_PX = 14;
/** A span that took time is seen. */
const LEAST_PX = 1.5;
const MAX_TICKS = 6;
/** Letters that fit into the columns of names and notes. */
const NAME_LETTERS = 22;
const NOTE_LETTERS = 37;

/**
 * The picture of a run as an SVG document: a bar for each node and call, with the time that it waited in a queue and for a
 * copy, and the critical path marked. It fits a width of 900 px, a light page and a dark one, and needs no script.
 */
export function ganttSvg(run: Pick<StoredRun, 'runId' | 'record' | 'callsLeftOut'>): string {
  const rows = runRows(run);
  const { wallMs } = run.record;
  const endMs = rows.reduce((latest, { toMs }) => Math.max(latest, toMs), wallMs);
  const xOf = (ms: number) => PLOT.left + (endMs > 0 ? ms / endMs : 0) * (PLOT.right - PLOT.left);
  const bottom = ROWS_TOP + rows.length * ROW_PX;
  const height = bottom + 62;
  return markup`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="title description">
<title id="title">${titleOf(run)}</title><desc id="description">${describe(run)}</desc>
${GANTT_STYLE}
<rect class="page" width="${WIDTH}" height="${height}" rx="8"/>
${heading(run)}
${timeTicks(endMs, MAX_TICKS).map((ms) => tick(ms, xOf(ms), bottom))}
${rows.map((row, at) => drawRow(row, ROWS_TOP + at * ROW_PX, xOf))}
${criticalLinks(run, rows, xOf)}
${legend(bottom + 40)}
</svg>
`.markup;
}

type Run = Pick<StoredRun, 'runId' | 'record'>;

function titleOf({ runId, record }: Run): string {
  return `${record.graph}, run ${runId}`;
}

/** What one sees in it, for those who do not see it. */
function describe({ record }: Run): string {
  const { status, wallMs, criticalPath, criticalPathMs, nodes } = record;
  const path =
    criticalPath.length > 0
      ? `The critical path, ${duration(criticalPathMs)}, is ${criticalPath.join(', then ')}.`
      : '';
  return `A bar over time for each of ${count(Object.keys(nodes).length, 'node')}. The run ${status} after ${duration(wallMs)}. ${path}`.trim();
}

function heading({ runId, record }: Run): Markup {
  const { graph, status, wallMs, overheadMs, costUsd, copySeconds, usage } = record;
  const facts = [
    `${status} in ${duration(wallMs)}`,
    `engine ${duration(Math.max(0, overheadMs))}`,
    `${usage.inputTokens} → ${usage.outputTokens} tokens`,
    ...(copySeconds !== undefined ? [copyTime(copySeconds)] : []),
    dollars(costUsd),
  ];
  return markup`<text class="heading" x="${NAMES_PX}" y="36">${graph}</text>
<text class="id" x="${WIDTH - NAMES_PX}" y="36" text-anchor="end">${runId}</text>
<text class="${status === 'succeeded' ? 'facts' : 'facts failed'}" x="${NAMES_PX}" y="60">${facts.join('  ·  ')}</text>`;
}

function tick(ms: number, x: number, bottom: number): Markup {
  return markup`<path class="grid" d="M${x} ${ROWS_TOP - 6}V${bottom}"/><text class="tick" x="${x}" y="${ROWS_TOP - 14}" text-anchor="middle">${ms === 0 ? '0' : duration(ms)}</text>`;
}

function drawRow(row: RunRow, top: number, xOf: (ms: number) => number): Markup {
  const middle = top + ROW_PX / 2;
  const isCall = row.kind === 'call' || row.kind === 'folded';
  const indent = { node: 0, task: 12, call: 24, folded: 24 }[row.kind];
  const classes = ['row', ...(row.isCritical && !isCall ? ['critical'] : []), row.status].join(' ');
  const notes = row.notes.join(' · ');
  const barPx = isCall ? BAR_PX - 5 : BAR_PX;
  const outline = row.spans.length > 0 && (row.isCritical || row.status === 'failed') && !isCall;
  return markup`<g class="${classes}"><title>${tipOf(row)}</title>
<text class="${isCall ? 'name call' : 'name'}" x="${NAMES_PX + indent}" y="${middle + 4}">${shortened(row.name, NAME_LETTERS - indent / 6)}</text>
${row.spans.map((span) => drawSpan(span, middle, barPx, xOf))}${
  outline ? drawOutline(row, middle, xOf) : undefined
}${row.spans.length === 0 ? markup`<path class="never" d="M${xOf(row.fromMs)} ${middle - 5}v10"/>` : undefined}
<text class="note" x="${NOTES_PX}" y="${middle + 4}">${shortened(notes, NOTE_LETTERS)}</text></g>`;
}

function drawSpan({ kind, fromMs, toMs }: RowSpan, middle: number, barPx: number, xOf: (ms: number) => number): Markup {
  const height = kind === 'calls' ? 4 : barPx;
  const x = xOf(fromMs);
  const width = Math.max(LEAST_PX, xOf(toMs) - x);
  return markup`<rect class="${kind}" x="${x}" y="${middle - height / 2}" width="${width}" height="${height}" rx="${kind === 'calls' ? 2 : 1}"/>`;
}

function drawOutline({ fromMs, toMs }: RunRow, middle: number, xOf: (ms: number) => number): Markup {
  const x = xOf(fromMs);
  const width = Math.max(LEAST_PX, xOf(toMs) - x);
  return markup`<rect class="outline" x="${x - 2}" y="${middle - BAR_PX / 2 - 2}" width="${width + 4}" height="${BAR_PX + 4}" rx="3"/>`;
}

/** From the end of each node that decided to the start of the next, so that the path is seen as one line. */
function criticalLinks({ record }: Run, rows: readonly RunRow[], xOf: (ms: number) => number): Markup[] {
  const placed = new Map(rows.map((row, at) => [row.name, { row, middle: ROWS_TOP + (at + 0.5) * ROW_PX }]));
  // Tasks are inside of their plan: the path goes on from its end.
  const path = record.criticalPath.filter((id) => !id.includes('/')).flatMap((id) => placed.get(id) ?? []);
  return path.slice(1).map(({ row, middle }, i) => {
    const before = path[i]!;
    const down = middle > before.middle ? 1 : -1;
    const reach = (BAR_PX / 2 + 2) * down;
    return markup`<path class="link" d="M${xOf(Math.min(before.row.toMs, row.fromMs))} ${before.middle + reach}V${middle - reach}"/>`;
  });
}

const LEGEND: readonly (readonly [kind: string, text: string, width: number])[] = [
  ['cold', 'waits for a copy', 128],
  ['wait', 'waits otherwise', 122],
  ['service', 'is worked on', 112],
  ['outline', 'critical path', 110],
];

function legend(y: number): Markup {
  let x = NAMES_PX;
  return markup`<g>${LEGEND.map(([kind, text, width]) => {
    const at = x;
    x += width;
    return markup`<g class="${kind === 'outline' ? 'critical' : ''}"><rect class="${kind}" x="${at}" y="${y - 9}" width="16" height="10" rx="1"/></g><text class="note" x="${at + 22}" y="${y}">${text}</text>`;
  })}<text class="note" x="${x}" y="${y}">waits are drawn before the work, whenever they were</text></g>`;
}

function tipOf({ name, status, fromMs, toMs, notes }: RunRow): string {
  return [`${name}: ${status}, ${duration(toMs - fromMs)} from ${duration(fromMs)}`, ...notes].join(', ');
}

function shortened(text: string, letters: number): string {
  return text.length <= letters ? text : `${text.slice(0, letters - 1)}…`;
}
