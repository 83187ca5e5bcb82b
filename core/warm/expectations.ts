import type { ColdStart } from './cold-start';
import type { WarmGraph } from './graph';
import { branchChancesOf, nodeDurationsOf, nodeWidthsOf, type WarmKnowledge } from './knowledge';
import { type LogNormal, meanMs, quantileMs } from './log-normal';
import type { BranchChances } from './reach';
import { drawDurations } from './scenarios';

/** The cold starts of a component, one for each scenario. */
export interface DrawnColdStart {
  readonly drawnMs: readonly number[];
  /** The 90th percentile, by which the end of a start is announced. */
  readonly lateMs: number;
  /** From a call that finds no copy until one starts. */
  readonly reactionMs: number;
}

/** What is expected of the runs of a graph: the same for all that are open, so worked out once, and only what is asked for. */
export class Expectations {
  readonly #graph: WarmGraph;
  readonly #knowledge: WarmKnowledge;
  readonly #isExpensive: (component: string) => boolean;
  readonly #coldStartOf: (component: string) => ColdStart;
  readonly #nowMs: number;
  readonly #coldStarts = new Map<string, DrawnColdStart>();
  #chances: BranchChances | undefined;
  #durations: readonly LogNormal[] | undefined;
  #durationsMs: readonly (readonly number[])[] | undefined;
  #callsMs: readonly number[] | undefined;
  #widths: readonly number[] | undefined;

  constructor(
    graph: WarmGraph,
    knowledge: WarmKnowledge,
    isExpensive: (component: string) => boolean,
    coldStartOf: (component: string) => ColdStart,
    nowMs: number,
  ) {
    this.#graph = graph;
    this.#knowledge = knowledge;
    this.#isExpensive = isExpensive;
    this.#coldStartOf = coldStartOf;
    this.#nowMs = nowMs;
  }

  get chances(): BranchChances {
    this.#chances ??= branchChancesOf(this.#knowledge, this.#graph, this.#isExpensive, this.#nowMs);
    return this.#chances;
  }

  /** Of each node, by position, from when it may start: one for each scenario. */
  get durationsMs(): readonly (readonly number[])[] {
    this.#durationsMs ??= this.#nodeDurations.map((duration, at) => drawDurations(2 * at, duration));
    return this.#durationsMs;
  }

  /** The mean of each node, by position. */
  get callsMs(): readonly number[] {
    this.#callsMs ??= this.#nodeDurations.map(meanMs);
    return this.#callsMs;
  }

  /** Calls that each node makes at once, by position. */
  get widths(): readonly number[] {
    this.#widths ??= nodeWidthsOf(this.#knowledge, this.#graph, this.#nowMs);
    return this.#widths;
  }

  coldStart(component: string): DrawnColdStart {
    const known = this.#coldStarts.get(component);
    if (known) return known;
    const { nodes } = this.#graph;
    const first = nodes.findIndex((node) => node.component === component);
    const coldStart = this.#coldStartOf(component);
    const drawn = {
      drawnMs: drawDurations(2 * (nodes.length + first), coldStart),
      lateMs: quantileMs(coldStart, 0.9),
      reactionMs: coldStart.reactionMs,
    };
    this.#coldStarts.set(component, drawn);
    return drawn;
  }

  get #nodeDurations(): readonly LogNormal[] {
    this.#durations ??= nodeDurationsOf(this.#knowledge, this.#graph, this.#nowMs);
    return this.#durations;
  }
}
