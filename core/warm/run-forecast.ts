import type { ColdStart } from './cold-start';
import type { WarmGraph } from './graph';
import type { LogNormal } from './log-normal';
import { type BranchChances, type Outcomes, reachOfAny } from './reach';
import { drawDurations, drawUniform, quantileOf, SCENARIOS } from './scenarios';
import type { Wish } from './wish';

/** A run that is under way. */
export interface OpenRequest {
  readonly id: string;
  /** Name of its graph. */
  readonly graph: string;
  /** By node id; a node that is not named waits. */
  readonly nodes: Readonly<Record<string, NodeProgress>>;
  /** A health check or a bot, for which nothing is warmed. */
  readonly isProbe?: boolean;
}

export type NodeProgress =
  | { readonly status: 'running'; readonly sinceMs: number }
  | { readonly status: 'ended' | 'skipped' };

/** What a forecast takes as known. */
export interface ForecastInputs {
  readonly chances: BranchChances;
  /** Of each node, by position, from when it may start. */
  readonly durations: readonly LogNormal[];
  /** In how long a component serves, 0 if it does; undefined while it is cold. */
  readonly readyInMs: (component: string) => number | undefined;
  readonly coldStart: (component: string) => ColdStart;
}

/** When a run gets to a node, and when the component of that node is ready for it; from now. */
export interface NodeForecast {
  readonly arrivalMs: number;
  readonly startMs: number;
}

/**
 * When a run will get to its nodes.
 *
 * Played through in a few scenarios that cover the distributions of the node durations, cold starts and branches evenly.
 * In each a node is reached at the maximum over its needs of their ends, and a cold component starts when the call of
 * its first node is noticed, or at once if it is warmed. So a component that several nodes call starts once, and paths that share a
 * node are late together. A running node is taken to need what is left of its duration: if it has outlasted the scenario
 * it is expected at once, for an early warm-up costs less than a late one.
 */
export class RunForecast {
  readonly #graph: WarmGraph;
  readonly #progress: readonly (NodeProgress | undefined)[];
  readonly #inputs: ForecastInputs;
  readonly #outcomes: Outcomes;
  readonly #request: OpenRequest;
  readonly #nowMs: number;
  readonly #users = new Map<string, number[]>();
  readonly #coldStarts = new Map<string, Float64Array>();
  readonly #reactionsMs = new Map<string, number>();
  readonly #ready = new Map<string, Float64Array>();
  readonly #durations: readonly Float64Array[];
  readonly #runs: readonly Uint8Array[];
  readonly #arrivals: readonly Float64Array[];
  readonly #ends: readonly Float64Array[];
  /** Nodes before this position are up to date. */
  #known = 0;

  constructor(graph: WarmGraph, request: OpenRequest, inputs: ForecastInputs, nowMs: number) {
    this.#graph = graph;
    this.#request = request;
    this.#inputs = inputs;
    this.#nowMs = nowMs;
    this.#progress = graph.nodes.map(({ id }) => request.nodes[id]);
    this.#outcomes = this.#progress.map((progress) => progress && progress.status !== 'skipped');
    graph.nodes.forEach(({ component }, at) => {
      if (component === undefined || this.#hasEnded(at)) return;
      const users = this.#users.get(component);
      if (users) users.push(at);
      else this.#users.set(component, [at]);
    });
    [...this.#users.keys()].forEach((component, i) => {
      const inMs = inputs.readyInMs(component) ?? Number.POSITIVE_INFINITY;
      this.#ready.set(component, new Float64Array(SCENARIOS).fill(inMs));
      if (inMs === Number.POSITIVE_INFINITY) {
        const coldStart = inputs.coldStart(component);
        this.#coldStarts.set(component, drawDurations(2 * (graph.nodes.length + i), coldStart));
        this.#reactionsMs.set(component, coldStart.reactionMs);
      }
    });
    this.#durations = inputs.durations.map((duration, at) => drawDurations(2 * at, duration));
    this.#runs = this.#playBranches();
    this.#arrivals = graph.nodes.map(() => new Float64Array(SCENARIOS));
    this.#ends = graph.nodes.map(() => new Float64Array(SCENARIOS));
  }

  /** The components that the rest of the run may call, in the order in which it gets to them. */
  components(): string[] {
    return [...this.#users.keys()];
  }

  /** The probability that the rest of the run calls a component. */
  reach(component: string): number {
    const users = this.#users.get(component);
    return users ? reachOfAny(this.#graph, this.#inputs.chances, this.#outcomes, users) : 0;
  }

  /** What the run may want of a component; undefined if it cannot call it any more. */
  wish(component: string): Wish | undefined {
    const probability = this.reach(component);
    if (probability === 0) return undefined;
    const users = this.#users.get(component)!;
    this.#playTo(users.at(-1)!);
    const arrivalsAtMs = this.#firstArrivals(users).map((arrivalMs) => this.#nowMs + arrivalMs);
    return { request: this.#request.id, component, probability, arrivalsAtMs: arrivalsAtMs.sort((a, b) => a - b) };
  }

  /** Takes a component as being started now: the nodes behind it are reached sooner. */
  warm(component: string): void {
    const coldStart = this.#coldStarts.get(component);
    if (!coldStart) return;
    const ready = this.#ready.get(component)!;
    for (let k = 0; k < SCENARIOS; k++) ready[k] = Math.min(ready[k]!, coldStart[k]!);
    this.#known = Math.min(this.#known, this.#users.get(component)![0]!);
  }

  /** When the run gets to each node in at most the share `p` of the scenarios, by node id. */
  nodes(p: number): Record<string, NodeForecast> {
    this.#playTo(this.#graph.nodes.length - 1);
    return Object.fromEntries(
      this.#graph.nodes.map(({ id, component }, at) => {
        const arrivals = this.#arrivals[at]!;
        const ready = component === undefined ? undefined : this.#ready.get(component);
        const starts = arrivals.map((arrival, k) => Math.max(arrival, ready?.[k] ?? 0));
        return [id, { arrivalMs: quantileOf(arrivals, p), startMs: quantileOf(starts, p) }];
      }),
    );
  }

  /** Earliest arrival in each scenario that reaches one of the nodes; if none does, of all scenarios. */
  #firstArrivals(users: readonly number[]): number[] {
    const reached = this.#earliest(users, false);
    return reached.length > 0 ? reached : this.#earliest(users, true);
  }

  #earliest(users: readonly number[], isAnyScenario: boolean): number[] {
    const earliest: number[] = [];
    for (let k = 0; k < SCENARIOS; k++) {
      let first = Number.POSITIVE_INFINITY;
      for (const at of users) {
        if (isAnyScenario || this.#runs[at]![k] === 1) first = Math.min(first, this.#arrivals[at]![k]!);
      }
      if (first < Number.POSITIVE_INFINITY) earliest.push(first);
    }
    return earliest;
  }

  #playBranches(): Uint8Array[] {
    const { chances } = this.#inputs;
    const runs: Uint8Array[] = [];
    this.#graph.nodes.forEach(({ conditional, guard }, at) => {
      const outcome = this.#outcomes[at];
      if (outcome !== undefined || !conditional) {
        runs[at] = new Uint8Array(SCENARIOS).fill(outcome === false ? 0 : 1);
        return;
      }
      const luck = drawUniform(2 * at + 1);
      const ran = new Uint8Array(SCENARIOS);
      for (let k = 0; k < SCENARIOS; k++) {
        const guardRan = guard === undefined || runs[guard]![k] === 1;
        ran[k] = luck[k]! < (guardRan ? chances.afterTaken : chances.afterSkipped)[at]! ? 1 : 0;
      }
      runs[at] = ran;
    });
    return runs;
  }

  #playTo(last: number): void {
    for (; this.#known <= last; this.#known++) this.#play(this.#known);
  }

  #play(at: number): void {
    const arrivals = this.#arrivals[at]!.fill(0);
    const ends = this.#ends[at]!.fill(0);
    if (this.#hasEnded(at)) return;

    const { needs, component } = this.#graph.nodes[at]!;
    for (const need of needs) {
      const needed = this.#ends[need]!;
      for (let k = 0; k < SCENARIOS; k++) if (needed[k]! > arrivals[k]!) arrivals[k] = needed[k]!;
    }
    const ready = component === undefined ? undefined : this.#ready.get(component);
    const coldStart = component === undefined ? undefined : this.#coldStarts.get(component);
    const reactionMs = component === undefined ? 0 : (this.#reactionsMs.get(component) ?? 0);
    const runs = this.#runs[at]!;
    const durations = this.#durations[at]!;
    const workedMs = this.#workedMs(at);
    for (let k = 0; k < SCENARIOS; k++) {
      const arrival = arrivals[k]!;
      ends[k] = arrival;
      if (runs[k] === 0) continue;
      let start = arrival;
      if (ready) {
        const readyByCall = coldStart ? arrival + reactionMs + coldStart[k]! : Number.POSITIVE_INFINITY;
        // Earlier warming only makes arrivals earlier, so a start left from before never stands in the way.
        if (readyByCall < ready[k]!) ready[k] = readyByCall;
        if (ready[k]! > start) start = ready[k]!;
      }
      const leftMs = durations[k]! - workedMs;
      ends[k] = leftMs > 0 ? start + leftMs : start;
    }
  }

  /** For how long a node has run already; a node whose component is not ready only waits. */
  #workedMs(at: number): number {
    const progress = this.#progress[at];
    if (progress?.status !== 'running') return 0;
    const { component } = this.#graph.nodes[at]!;
    const isReady = component === undefined || this.#inputs.readyInMs(component) === 0;
    return isReady ? Math.max(0, this.#nowMs - progress.sinceMs) : 0;
  }

  #hasEnded(at: number): boolean {
    const status = this.#progress[at]?.status;
    return status === 'ended' || status === 'skipped';
  }
}
