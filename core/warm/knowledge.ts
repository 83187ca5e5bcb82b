import { type BranchHistory, branchChance, countBranch } from './branch';
import { type ColdStart, type ColdStartPath, coldStartOf } from './cold-start';
import type { WarmGraph } from './graph';
import { addIdleTime, type IdleHistogram } from './idle-histogram';
import { addDuration, type DurationHistory, type DurationPrior, durationOf, type LogNormal } from './log-normal';
import type { BranchChances } from './reach';
import { addWidth, type WidthHistory, widthOf } from './width';

/** What was learned from runs, by graph and node, and from starts, by component and path. Plain data, shared by all. */
export interface WarmKnowledge {
  readonly branches: Readonly<Record<string, BranchHistory>>;
  readonly durations: Readonly<Record<string, DurationHistory>>;
  /** Only of nodes that made several calls at once. */
  readonly widths: Readonly<Record<string, WidthHistory>>;
  readonly coldStarts: Readonly<Record<string, DurationHistory>>;
  readonly idleTimes: Readonly<Record<string, IdleHistogram>>;
}

export const NO_KNOWLEDGE: WarmKnowledge = {
  branches: {},
  durations: {},
  widths: {},
  coldStarts: {},
  idleTimes: {},
};

/** What became of a node in a run that has ended. */
export interface NodeOutcome {
  readonly status: 'succeeded' | 'skipped' | 'failed' | 'stopped' | 'cancelled' | 'lost';
  /** Without the time spent waiting for a copy to become ready. */
  readonly durationMs: number;
  /** Most calls that it had in flight at once. @default 1 */
  readonly width?: number;
}

/** The gap between two calls of a model in Magentic-One runs: median 5.6 s, P95 13.9 s. */
const CALL_PRIOR: DurationPrior = { medianMs: 5_600, variation: 0.6 };
const FUNCTION_PRIOR: DurationPrior = { medianMs: 1, variation: 0.35 };

/** Learns from a run: which branches it took, how long its nodes worked and how many calls they made at once. A node that failed teaches nothing. */
export function learnRun(
  knowledge: WarmKnowledge,
  graph: WarmGraph,
  outcomes: Readonly<Record<string, NodeOutcome>>,
  nowMs: number,
): WarmKnowledge {
  const branches = { ...knowledge.branches };
  const durations = { ...knowledge.durations };
  const widths = { ...knowledge.widths };
  for (const { id, conditional, guard } of graph.nodes) {
    const outcome = outcomes[id];
    if (outcome?.status !== 'succeeded' && outcome?.status !== 'skipped') continue;
    const key = keyOf(graph, id);
    const taken = outcome.status === 'succeeded';
    if (taken) {
      durations[key] = addDuration(durations[key], outcome.durationMs, nowMs);
      const { width = 1 } = outcome;
      if (width > 1 || widths[key]) widths[key] = addWidth(widths[key], width, nowMs);
    }
    if (!conditional) continue;
    const guardWasSkipped = guard !== undefined && outcomes[graph.nodes[guard]!.id]?.status === 'skipped';
    const context = guardWasSkipped ? 'afterSkipped' : 'afterTaken';
    branches[key] = { ...branches[key], [context]: countBranch(branches[key]?.[context], taken, nowMs) };
  }
  return { ...knowledge, branches, durations, widths };
}

export function learnColdStart(
  knowledge: WarmKnowledge,
  component: string,
  path: ColdStartPath,
  durationMs: number,
  nowMs: number,
): WarmKnowledge {
  const key = `${component}/${path}`;
  const history = addDuration(knowledge.coldStarts[key], durationMs, nowMs);
  return { ...knowledge, coldStarts: { ...knowledge.coldStarts, [key]: history } };
}

/** Learns that a component was called again after so long without a call. */
export function learnIdleTime(
  knowledge: WarmKnowledge,
  component: string,
  idleMs: number,
  nowMs: number,
): WarmKnowledge {
  const histogram = addIdleTime(knowledge.idleTimes[component], idleMs, nowMs);
  return { ...knowledge, idleTimes: { ...knowledge.idleTimes, [component]: histogram } };
}

/** How likely each node runs; nodes whose component is dear are judged cautiously. */
export function branchChancesOf(
  { branches }: WarmKnowledge,
  graph: WarmGraph,
  isExpensive: (component: string) => boolean,
  nowMs: number,
): BranchChances {
  const chances = (context: keyof BranchHistory) =>
    graph.nodes.map(({ id, component, conditional }) => {
      if (!conditional) return 1;
      const estimate = component !== undefined && isExpensive(component) ? 'cautious' : 'mean';
      return branchChance(branches[keyOf(graph, id)]?.[context], estimate, nowMs);
    });
  return { afterTaken: chances('afterTaken'), afterSkipped: chances('afterSkipped') };
}

/** How long each node works once it may start, by position. */
export function nodeDurationsOf({ durations }: WarmKnowledge, graph: WarmGraph, nowMs: number): LogNormal[] {
  return graph.nodes.map(({ id, component }) =>
    durationOf(durations[keyOf(graph, id)], component === undefined ? FUNCTION_PRIOR : CALL_PRIOR, nowMs),
  );
}

/** How many calls each node makes at once, by position: at least 1, and 1 until a run made more. */
export function nodeWidthsOf({ widths }: WarmKnowledge, graph: WarmGraph, nowMs: number): number[] {
  return graph.nodes.map(({ id }) => widthOf(widths[keyOf(graph, id)], nowMs));
}

export function componentColdStart(
  { coldStarts }: WarmKnowledge,
  component: string,
  path: ColdStartPath,
  nowMs: number,
): ColdStart {
  return coldStartOf(coldStarts[`${component}/${path}`], path, nowMs);
}

function keyOf(graph: WarmGraph, node: string): string {
  return `${graph.name}/${node}`;
}
