import { criticalPathMs, DAGS, type Dag } from './dags.ts';
import type { Cell, Measurements } from './measurements.ts';
import type { Extent } from './race.ts';
import { rowOf } from './rows.ts';
import { quantile } from './statistics.ts';
import { round, table } from './table.ts';
import { targetsOf, targetTable } from './targets.ts';

/** Where, when and how the figures came about. */
export interface Circumstances {
  readonly date: string;
  readonly machine: string;
  readonly command: string;
  readonly extent: Extent;
}

/** The figures as Markdown that is also fit for a terminal. */
export function report(measurements: Measurements, { date, machine, command, extent }: Circumstances): string {
  const { cells, footprints, handler, synthSeconds } = measurements;
  const { rounds, usual, slow } = extent;
  return `# Bench results

${date}, ${machine}. Command: \`${command}\`.

Fresh processes for each cell: ${rounds}; in each, ${usual.warmUps} warm-up and ${usual.timed} timed runs (slow engines on 1,000 nodes: ${slow.warmUps} and
${slow.timed}). Engines take turns. Graphs are compiled outside of the timed runs. Every run of every engine answered the same
checksum.

## Targets

${targetTable(targetsOf(measurements))}

## Run time

Median ms (fastest - 90th percentile); then µs per node, or times the critical path where nodes take time.

${DAGS.map((dag) => dagSection(dag, cells)).join('\n\n')}

## Size and import time

What an application imports of each engine, in one minified file.

${table(
  ['engine', 'minified KB', 'import ms'],
  footprints.map(({ engine, minifiedBytes, importMs }) => [
    `${engine.title} ${engine.version}`,
    (minifiedBytes / 1e3).toFixed(1),
    importMs.toFixed(1),
  ]),
)}

The core is larger than its limit, which was set for a graph and its scheduler. Since then joins, streams, budgets, priorities and rates of calls have come, and
checks that tell all faults of a graph at once, each with its remedy. Plans and call policies are not in it: who needs them gives them to the engine.
Shortening every property name to a letter, which no interface would survive, would take a fifth off.

## Handler

The Lambda function of an agent with one call and all backends, beside a SageMaker endpoint on this machine that answers
at once.

${table(
  ['', 'figure'],
  [
    ['bundle, minified, all its files', `${(handler.minifiedBytes / 1e3).toFixed(0)} KB`],
    ['process started, ready to load it', `${handler.processReadyMs.toFixed(0)} ms`],
    ['bundle loaded', `${handler.bundleLoadedMs.toFixed(0)} ms`],
    ['first request answered', `${handler.firstAnswerMs.toFixed(0)} ms`],
    ['warm request beside a bare call, p50', `${handler.overheadP50Ms.toFixed(2)} ms`],
    ['warm request beside a bare call, p90', `${handler.overheadP90Ms.toFixed(2)} ms`],
  ],
)}

## Synth

An app of 100 autoscaled components and 10 agents, in a fresh process: agents bundled and looked at, templates validated.
${synthSeconds.toFixed(1)} s.
`;
}

function dagSection(dag: Dag, cells: readonly Cell[]): string {
  const pathMs = criticalPathMs(dag);
  const title = pathMs > 0 ? `${dag.title}: critical path ${pathMs} ms` : dag.title;
  const lines = cells.filter((cell) => cell.dag === dag).map(cellLine);
  return `### ${title}\n\n${table(['engine', 'ms', pathMs > 0 ? '× path' : 'µs per node'], lines)}`;
}

function cellLine(cell: Cell): string[] {
  const { engine, samplesMs } = cell;
  const { medianMs, usPerNode, criticalPathRatio } = rowOf(cell);
  const spread = `${round(Math.min(...samplesMs))} - ${round(quantile(samplesMs, 0.9))}`;
  const figure = usPerNode === null ? criticalPathRatio!.toFixed(2) : round(usPerNode);
  return [[engine.title, engine.version].filter(Boolean).join(' '), `${round(medianMs)} (${spread})`, figure];
}
