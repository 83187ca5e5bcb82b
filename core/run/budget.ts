import { hasFallback, type NodeDefinition } from '../graph/definition';

/** How the deadline of a run is split over its nodes. */
export interface NodeTimes {
  /** After this the node is ended. */
  readonly limitMs: number;
  /** Until then its calls wait for a copy and are tried again. */
  readonly patienceMs: number;
}

/** What is known when a node starts. */
export interface Outlook {
  /** The node's own limit; Infinity if it has none. */
  readonly nodeMs: number;
  /** Until the deadline of the run. */
  readonly leftMs: number;
  /** What the node typically takes; 0 if it is not known. */
  readonly ownMs: number;
  /** What the longest path from the start of the node to the end of the run typically takes. */
  readonly pathMs: number;
  /** Whether nothing but the output needs the node. */
  readonly isLast: boolean;
}

/**
 * Only a node that has a fallback is ended before its own limit, to leave time for what follows, and not before its
 * typical time. Any other may use all the time of the run: its first try is worth more than a guess how long the rest
 * takes.
 */
export function timesFor(node: NodeDefinition, { nodeMs, leftMs, ownMs, pathMs, isLast }: Outlook): NodeTimes {
  const patienceMs = Math.min(nodeMs, budgetMs(leftMs, ownMs, pathMs, isLast));
  if (!hasFallback(node)) return { limitMs: nodeMs, patienceMs };
  const limitMs = Math.min(nodeMs, Math.max(patienceMs, ownMs), leftMs * (1 - MIN_RESERVE));
  return { limitMs, patienceMs };
}

/** Share of the time left that is kept for what follows, however little is known of it. */
const MIN_RESERVE = 0.1;

/** The path that follows takes its typical time in half of all runs; with twice as much, in nearly all. */
const RESERVE_FACTOR = 2;

/** Share of a node of which nothing is known. */
const UNKNOWN_SHARE = 0.5;

/**
 * How much of the time left a node may spend on more than its first try: what a reserve for the path behind it leaves
 * over, and never less than its own share of the path, so that a tight deadline is shared fairly.
 */
export function budgetMs(leftMs: number, ownMs: number, pathMs: number, isLast: boolean): number {
  if (isLast) return leftMs;
  const reserveMs = Math.max(RESERVE_FACTOR * (pathMs - ownMs), MIN_RESERVE * leftMs);
  const share = ownMs > 0 ? ownMs / pathMs : UNKNOWN_SHARE;
  return Math.max(leftMs - reserveMs, leftMs * share);
}
