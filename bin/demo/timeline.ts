import { backendId } from '../../local/world/backend-id';
import type { CascadeRun } from './cascade-run';
import type { CascadeDemo } from './cascades';
import type { Stage } from './watch-copies';

/** Together with the names and the margins no more than 80 columns. */
const BAR_COLUMNS = 60;
const NAME_COLUMNS = 10;

const GLYPHS: Readonly<Record<Stage, string>> = {
  pending: '░',
  provision: '░',
  'image-pull': '▒',
  'weights-download': '▒',
  'container-init': '▓',
  'engine-init': '▓',
};
const WAITS = '·';
const SERVES = '█';
const READY = '─';

export const LEGEND = `${WAITS} called, not started  ░ instance  ▒ weights  ▓ container, engine  ${READY} ready  ${SERVES} serves`;

interface Bar {
  readonly fromSeconds: number;
  readonly toSeconds: number;
  readonly glyph: string;
}

/** A bar for each component. @param spanSeconds of the whole width */
export function drawTimeline({ system }: CascadeDemo, run: CascadeRun, spanSeconds: number): string[] {
  const cellSeconds = spanSeconds / BAR_COLUMNS;
  return Object.entries(system.components).map(([name, { backend }]) => {
    const bars = barsOf(name, backendId(backend), run);
    const cells = Array.from({ length: BAR_COLUMNS }, (_, cell) => {
      const fromSeconds = cell * cellSeconds;
      return glyphOf(bars, fromSeconds, fromSeconds + cellSeconds);
    });
    return `  ${name.padEnd(NAME_COLUMNS)}${cells.join('')}`.trimEnd();
  });
}

/** The scale under the bars. */
export function drawScale(spanSeconds: number): string {
  const end = `${Math.round(spanSeconds)} s`;
  return `  ${' '.repeat(NAME_COLUMNS)}0${end.padStart(BAR_COLUMNS - 1)}`;
}

/** The later ones cover the earlier ones; each node is named like the component that it calls. */
function barsOf(node: string, id: string, { record, starts, latencySeconds }: CascadeRun): Bar[] {
  const { calls, startMs } = record.nodes[node]!;
  const stages = starts.find((start) => start.id === id)?.stages ?? [];
  const endsAtSeconds = stages.at(-1)?.toSeconds ?? 0;
  return [
    { fromSeconds: startMs / 1000, toSeconds: endsAtSeconds, glyph: WAITS },
    ...stages.map(({ stage, fromSeconds, toSeconds }) => ({ fromSeconds, toSeconds, glyph: GLYPHS[stage] })),
    { fromSeconds: endsAtSeconds, toSeconds: latencySeconds, glyph: READY },
    ...calls.map(({ startMs: fromMs, endMs, waitMs }) => ({
      fromSeconds: (fromMs + waitMs) / 1000,
      toSeconds: endMs / 1000,
      glyph: SERVES,
    })),
  ];
}

/** Serving is short, and shows wherever it happens; of the rest what is there in the middle of the cell. */
function glyphOf(bars: readonly Bar[], fromSeconds: number, toSeconds: number): string {
  const middle = (fromSeconds + toSeconds) / 2;
  const isServing = bars.some(
    (bar) => bar.glyph === SERVES && bar.fromSeconds < toSeconds && bar.toSeconds > fromSeconds,
  );
  if (isServing) return SERVES;
  return bars.findLast((bar) => bar.fromSeconds <= middle && middle < bar.toSeconds)?.glyph ?? ' ';
}
