import type { CascadeRun } from './cascade-run';
import { CASCADES } from './cascades';
import { drawScale, drawTimeline, LEGEND } from './timeline';

/** One graph, run both ways. */
export interface CascadePair {
  readonly graph: string;
  readonly without: CascadeRun;
  readonly warmed: CascadeRun;
}

/** What `--json` prints of a graph. */
export interface CascadeFigures {
  readonly graph: string;
  /** Of each component, in the order of the graph. */
  readonly coldStartsSeconds: readonly number[];
  /** The longest of them. */
  readonly boundSeconds: number;
  /** By how much the run took longer than a warm one. */
  readonly withoutSeconds: number;
  readonly withSeconds: number;
}

/** A look comes late, if anything: of the two runs' figures of the same cold start the longer is right. */
export function figuresOf({ graph, without, warmed }: CascadePair): CascadeFigures {
  const coldStartsSeconds = without.starts.map(({ coldStartSeconds }, at) =>
    tenths(Math.max(coldStartSeconds, warmed.starts[at]!.coldStartSeconds)),
  );
  return {
    graph,
    coldStartsSeconds,
    boundSeconds: Math.max(...coldStartsSeconds),
    withoutSeconds: tenths(without.compoundSeconds),
    withSeconds: tenths(warmed.compoundSeconds),
  };
}

const tenths = (value: number) => Math.round(value * 10) / 10;

/** For people, in 80 columns. */
export function formatCascade(pair: CascadePair): string {
  const { without, warmed, graph } = pair;
  const { boundSeconds, withoutSeconds, withSeconds, coldStartsSeconds } = figuresOf(pair);
  const demo = CASCADES[graph]!;
  const spanSeconds = Math.max(without.latencySeconds, warmed.latencySeconds);
  const times = (seconds: number) => `${(seconds / boundSeconds).toFixed(2)} x`;
  return `${[
    `${graph}: ${demo.title}`,
    '',
    `  without pre-warming, answered after ${Math.round(without.latencySeconds)} s`,
    ...drawTimeline(demo, without, spanSeconds),
    `  with pre-warming, answered after ${Math.round(warmed.latencySeconds)} s`,
    ...drawTimeline(demo, warmed, spanSeconds),
    drawScale(spanSeconds),
    '',
    `  cold starts          ${coldStartsSeconds.map((seconds) => `${Math.round(seconds)} s`).join(', ')}`,
    `  bound: the longest   ${boundSeconds.toFixed(1)} s`,
    `  compound cold start  without ${withoutSeconds.toFixed(1)} s (${times(withoutSeconds)} the bound), with ${withSeconds.toFixed(1)} s (${times(withSeconds)})`,
  ].join('\n')}\n`;
}

/** How the figures came about. */
export function formatMethod(speed: number): string {
  return `${LEGEND}

How it is measured: live on the local stack, ${speed} times as fast as real, by the
orchestrator, the warmer and AWS SDK clients over HTTP; only the copies are
simulated. Every model is at zero copies; each side has a fresh stack and the same
cold starts. The compound cold start is what the first request took longer than
the same request asked again when every copy served. Without pre-warming the alarm
of SageMaker takes up to 60 s to start a copy for a call that was refused. Seconds
are of the world, so what this machine takes of its own counts ${speed} times: a
lower --speed shows less of it.
`;
}
