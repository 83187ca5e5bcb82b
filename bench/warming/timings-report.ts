import { round, table } from '../table.ts';
import { targetTable } from '../targets.ts';
import type { AddedFigures, TimingFigures, WarmRequestFigures } from './figures.ts';

/** Where, when and how the figures came about. */
export interface Circumstances {
  readonly date: string;
  readonly machine: string;
  readonly command: string;
  /** Average of the processes that wanted to run, in the last minute. */
  readonly load: number;
}

/** The figures as Markdown that is also fit for a terminal. */
export function timingsReport(
  { decision, requests }: TimingFigures,
  { date, machine, command, load }: Circumstances,
): string {
  const slowest = Math.max(...requests.map(({ read }) => read.addedP50Ms));
  return `# Timings of pre-warming

${date}, ${machine}. Command: \`${command}\`. Load average at the end: ${load.toFixed(1)}.

${targetTable([
  { promise: 'decision, graph of 100 nodes', measured: decision.medianMs, limit: 1, unit: 'ms' },
  { promise: 'warm request that reads the board, added p50', measured: slowest, limit: 1, unit: 'ms' },
])}

A decision over a graph of 100 nodes, each with a component of its own that is cold, takes ${round(decision.medianMs)} ms at the median and
${round(decision.p99Ms)} ms at P99.

A warm request is of the orchestrator's handler, as a bundle in a process of its own, to an agent with one call. The board is a
table of the local stack, in another process. Requests with warming off and on take turns in one process; what is added is the
median of their differences, not the difference of their medians.

${table(
  ['', 'p50, model answers at once', 'added', `p50, model takes ${requests[1]!.modelMs} ms`, 'added'],
  [
    ['warming off', ...requests.flatMap(({ offP50Ms }) => [`${offP50Ms.toFixed(2)} ms`, ''])],
    ['on, board read within 5 s', ...requests.flatMap(added(({ known }) => known))],
    ['on, board read beside the run', ...requests.flatMap(added(({ read }) => read))],
    ['on, and lessons told', ...requests.flatMap(added(({ told }) => told))],
  ],
)}

A process reads the board once in five seconds and tells lessons once in a minute at most. Before a run is answered Lambda has to have taken the lessons, for
a function stands still after that. A stream has sent all but its end by then.
`;
}

function added(of: (figures: WarmRequestFigures) => AddedFigures) {
  return (figures: WarmRequestFigures) => {
    const { p50Ms, addedP50Ms } = of(figures);
    return [`${p50Ms.toFixed(2)} ms`, `${addedP50Ms.toFixed(2)} ms`];
  };
}
