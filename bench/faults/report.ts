import type { ProofFigures } from '../../test/proofs/support/faulty-network/proof.ts';
import { round, table } from '../table.ts';

/** Where, when and how the figures came about. */
export interface Circumstances {
  readonly date: string;
  readonly machine: string;
  readonly command: string;
}

/** The figures as Markdown that is also fit for a terminal. */
export function report(figures: ProofFigures, { date, machine, command }: Circumstances): string {
  const { requests, outcomes, breaches } = figures;
  const kinds = [...new Set(Object.values(outcomes).flatMap(Object.keys))].sort(rightFirst);
  const faults = Object.entries(requests).sort(([, one], [, other]) => other - one);
  return `# Faults

${date}, ${machine}. Command: \`${command}\`.

Runs of five graphs through the engine with every policy, and the real clients of OpenAI-compatible servers, SageMaker, Bedrock and
Lambda, half of them over HTTP through the orchestrator, against services behind a proxy with real sockets that draws what befalls each request from the seed. Everything is in one
process. A run has 150 to 1500 ms; one in seven is cancelled in its first 200 ms. Storms of 429, 500 or 503 last for 16 runs.

## What befell the requests

${table(
  ['fault', 'requests'],
  faults.map(([fault, count]) => [fault, count.toLocaleString('en-US')]),
)}

## What became of the runs

${table(
  ['graph', ...kinds],
  Object.entries(outcomes).map(([graph, counts]) => [graph, ...kinds.map((kind) => String(counts[kind] ?? 0))]),
)}

## What must not be

${table(
  ['', 'figure'],
  [
    ['wrong outputs, untyped errors, runs that outlast their deadline, anything left open', String(breaches.length)],
    ['a run after its deadline, at most', `${round(figures.worstLateMs)} ms`],
    ['the same less what the machine was late with its timers', `${round(Math.max(0, figures.worstOwnLateMs))} ms`],
    [
      'turns of the event loop from the end of a run to the close of its last connection, at most',
      String(figures.closeTurns),
    ],
    ['heap after each fifth of the runs', figures.heapMiB.map((heap) => `${heap.toFixed(1)} MiB`).join(', ')],
  ],
)}
${breaches.map((breach) => `\n- ${breach}`).join('')}`;
}

function rightFirst(one: string, other: string): number {
  return Number(other === 'right') - Number(one === 'right') || one.localeCompare(other);
}
