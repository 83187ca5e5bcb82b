import type { DagId } from '../dags.ts';
import type { Cell } from '../measurements.ts';
import { rowOf } from '../rows.ts';
import { median, quantile } from '../statistics.ts';
import { round, table } from '../table.ts';
import { targetTable } from '../targets.ts';
import type { Latencies } from './door/latency-cell.ts';
import { token } from './door/pace.ts';
import { addedFirstMs, heapBytesPerToken, MIB } from './door/summary.ts';
import type { FeatureExtent, FeatureFigures } from './figures.ts';
import { featureTargets, MODELS } from './targets.ts';

/** Where, when and how the figures came about. */
export interface Circumstances {
  readonly date: string;
  readonly machine: string;
  readonly command: string;
  readonly extent: FeatureExtent;
}

export function report(figures: FeatureFigures, { date, machine, command, extent }: Circumstances): string {
  return `# Features of the engine

${date}, ${machine}. Command: \`${command}\`.

Each figure comes from processes of its own, in which nothing else is measured.

## Targets of the features

${targetTable(featureTargets(figures, extent.door))}

${idleSection(figures, extent)}

${doorSection(figures, extent)}

${loadSection(figures, extent)}

${plannerSection(figures, extent)}

${streamSection(figures, extent)}
`;
}

function idleSection({ idle }: FeatureFigures, { idle: extent }: FeatureExtent): string {
  const { rounds, empty, timed } = extent;
  const dagTable = (dag: DagId) =>
    table(
      ['nodes', 'ms', 'µs per node'],
      idle
        .filter((cell) => cell.dag.id === dag)
        .map((cell) => [titleOf(cell), spreadOf(cell), round(rowOf(cell).usPerNode!)]),
    );
  const timedRows = idle
    .filter(({ dag }) => dag.id === 'skewed' || dag.id === 'timed')
    .map((cell) => [
      cellText(cell.dag.title),
      titleOf(cell),
      spreadOf(cell),
      rowOf(cell).criticalPathRatio!.toFixed(3),
    ]);
  return `## Every feature on, and idle

The engine with call policies and planning, each run with a deadline, a signal, a tenant, a budget, a class of work and a
listener to its events. Calls are answered at once in the same process; with every feature on, each goes through single flight, a
breaker and a hedge (\`RECOMMENDED_POLICIES\`). Fresh processes for each: ${rounds}; in each, ${empty.warmUps} warm-up and ${empty.timed} timed
runs (where nodes take time ${timed.warmUps} and ${timed.timed}). Median ms (fastest - 90th percentile).

### chain of 10 without work

${dagTable('chain')}

### 1,000 nodes in layers, without work

${dagTable('layered')}

### Nodes that take time

${table(['', 'nodes', 'ms', '× critical path'], timedRows)}`;
}

/** A bar would end the cell. */
function cellText(text: string): string {
  return text.replaceAll('|', '\\|');
}

function titleOf({ engine }: Cell): string {
  return [engine.title, engine.version].filter(Boolean).join(' ');
}

function spreadOf(cell: Cell): string {
  const { samplesMs } = cell;
  return `${round(rowOf(cell).medianMs)} (${round(Math.min(...samplesMs))} - ${round(quantile(samplesMs, 0.9))})`;
}

function doorSection({ door }: FeatureFigures, { door: extent }: FeatureExtent): string {
  const { firstMs, gapMs, tokens } = extent.pace;
  const first = ({ firstMs }: Latencies) => `${round(median(firstMs))} / ${round(quantile(firstMs, 0.95))}`;
  const gaps = ({ gapsMs }: Latencies) => `${round(median(gapsMs))} / ${round(quantile(gapsMs, 0.95))}`;
  const rows = door.latencies.map((latency) => {
    const { agent, bare, through } = latency;
    const { p50Ms, p95Ms } = addedFirstMs(latency);
    return [
      MODELS[agent]!,
      first(bare),
      first(through),
      `${p50Ms.toFixed(2)} / ${p95Ms.toFixed(2)}`,
      gaps(bare),
      gaps(through),
    ];
  });
  return `## Streaming through the door

A model that writes its first token after ${firstMs} ms and one every ${gapMs} ms then, ${tokens} in all, read bare (\`fetch\`, or the SDK's client)
and as \`POST /agents/{agent}/runs\` with \`accept: text/event-stream\` through gateway, function and backend. In turns, ${extent.requests} times each;
models, gateway and caller are processes of their own. p50 / p95 in ms; what is added is taken pair by pair.

${table(['model behind', 'first token, bare', 'first token, door', 'added', 'between tokens, bare', 'between tokens, door'], rows)}`;
}

function loadSection({ door }: FeatureFigures, { door: extent }: FeatureExtent): string {
  const { streams, pace, rounds } = extent.load;
  const rows = door.load.map((one, i) => {
    const { seconds, tokens, end, cpu, samples } = one;
    const mostBytes = Math.max(...samples.map(({ heapBytes }) => heapBytes));
    return [
      String(i + 1),
      round(seconds),
      round(tokens / seconds),
      `${round((cpu.userMs * 1_000) / tokens)} + ${round((cpu.systemMs * 1_000) / tokens)}`,
      round(mostBytes / MIB),
      round(heapBytesPerToken(one)),
      round(end.heapBytes / MIB),
      round(end.rssBytes / MIB),
    ];
  });
  return `## ${streams} streams at once

One process of the gateway and the function, ${streams} callers, ${pace.tokens} tokens each, one every ${pace.gapMs} ms; ${rounds} rounds. Every answer was read to its end,
and was the one that its caller had asked for. Memory is that after a collection of garbage; a token is a text of about ${token('0x250', 100).length} B, which
the run keeps for its output. CPU time of the process is that in user mode and, for the sockets, in the kernel.

${table(
  [
    'round',
    's',
    'tokens per s',
    'CPU µs per token',
    'heap at most, MiB',
    'heap B per token',
    'heap at end, MiB',
    'RSS at end, MiB',
  ],
  rows,
)}`;
}

function plannerSection({ planner }: FeatureFigures, { planner: extent }: FeatureExtent): string {
  const rows = planner.map(({ tasks, firstP50Ms, firstMaxMs, eachP95Ms, aheadOfPlanMs }) => [
    String(tasks),
    round(firstP50Ms),
    round(firstMaxMs),
    round(eachP95Ms),
    round(aheadOfPlanMs),
  ]);
  return `## Plans that are carried out while they are written

A planner that writes four characters a millisecond. From the last token of a task until its call, over ${extent.runs} runs; and how long
the planner still wrote when the first call was made.

${table(['tasks', 'first, p50 ms', 'first, at most ms', 'each, p95 ms', 'ahead of the plan, ms'], rows)}`;
}

function streamSection({ streams }: FeatureFigures, { streams: extent }: FeatureExtent): string {
  const rows = streams.map(({ engine, delayP50Us, delayP95Us, usPerPart, pipelineMs }) => [
    `${engine.title} ${engine.version}`,
    `${round(delayP50Us)} / ${round(delayP95Us)}`,
    round(usPerPart),
    round(pipelineMs),
  ]);
  return `## Streams of a run, side by side

In one process. Delay: from the writing of a part in a node until the reader of the run's stream has it, ${extent.parts} parts a millisecond
apart. Throughput: the same parts as fast as they are taken, the whole run, median of ${extent.runs}. Read by \`onEvent\`, LangGraph.js by
\`stream\` with \`streamMode: 'custom'\`, Mastra by \`stream().fullStream\`. Pipeline: a node that writes 50 parts, one every 10 ms, and two more
that work 10 ms on each part: here by \`streamOf\`, while a node of the peers gets what another has made when that has ended.

${table(['engine', 'delay µs, p50 / p95', 'µs per part', 'pipeline, ms'], rows)}`;
}
