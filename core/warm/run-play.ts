import type { WarmGraph } from './graph';
import type { Outcomes } from './reach';
import type { ForecastInputs, NodeProgress } from './run-forecast';
import { drawUniform, SCENARIOS } from './scenarios';

/** How far a run has got, by position of its nodes. */
export interface RunPosition {
  readonly progress: readonly (NodeProgress | undefined)[];
  readonly outcomes: Outcomes;
  /** Nodes that call each component and have not ended, ascending. */
  readonly users: ReadonlyMap<string, readonly number[]>;
  /** When it is played from, not above 0: now, or when the run began if no more is known of it. */
  readonly beganInMs: number;
}

/**
 * The rest of a run, played through in each scenario.
 *
 * A node is reached at the maximum over its needs of their ends, one with a join when so few as may meet it have ended, and a cold component starts when the call of its first
 * node is noticed, or at once if it is warmed. So a component that several nodes call starts once, and paths that share
 * a node are late together. A running node is taken to need what is left of its duration: if it has outlasted the
 * scenario it is expected at once, for an early warm-up costs less than a late one.
 */
export class RunPlay {
  readonly #graph: WarmGraph;
  readonly #position: RunPosition;
  readonly #inputs: ForecastInputs;
  readonly #nowMs: number;
  readonly #ready = new Map<string, Float64Array>();
  /** Components that were cold when the play began. */
  readonly #cold = new Set<string>();
  readonly #runs: readonly Uint8Array[];
  readonly #arrivals: readonly Float64Array[];
  readonly #ends: readonly Float64Array[];
  /** Nodes before this position are up to date. */
  #known = 0;

  constructor(graph: WarmGraph, position: RunPosition, inputs: ForecastInputs, nowMs: number) {
    this.#graph = graph;
    this.#position = position;
    this.#inputs = inputs;
    this.#nowMs = nowMs;
    for (const component of position.users.keys()) {
      const inMs = inputs.readyInMs(component);
      this.#ready.set(component, this.#readyOf(component, inMs));
      if (inMs === undefined) this.#cold.add(component);
    }
    this.#runs = this.#playBranches();
    this.#arrivals = graph.nodes.map(() => new Float64Array(SCENARIOS));
    this.#ends = graph.nodes.map(() => new Float64Array(SCENARIOS));
  }

  /** A start under way takes what it takes in each scenario; if that is over, it is expected at once. */
  #readyOf(component: string, inMs: number | undefined): Float64Array {
    const ready = new Float64Array(SCENARIOS).fill(inMs ?? Number.POSITIVE_INFINITY);
    if (inMs === undefined || inMs <= 0) return ready;
    const { drawnMs, lateMs } = this.#inputs.expected.coldStart(component);
    return ready.map((lateInMs, k) => Math.max(0, lateInMs + drawnMs[k]! - lateMs));
  }

  /** When a node is reached, in each scenario. */
  arrivals(at: number): Float64Array {
    for (; this.#known <= at; this.#known++) this.#play(this.#known);
    return this.#arrivals[at]!;
  }

  /** When the component of a node is ready for it, in each scenario. */
  starts(at: number): Float64Array {
    const { component } = this.#graph.nodes[at]!;
    const arrivals = this.arrivals(at);
    const ready = component === undefined ? undefined : this.#ready.get(component);
    return arrivals.map((arrival, k) => Math.max(arrival, ready?.[k] ?? arrival));
  }

  /** Earliest arrival at one of these nodes, in each scenario that reaches one; if none does, in all scenarios. */
  firstArrivals(users: readonly number[]): number[] {
    this.arrivals(users.at(-1)!);
    const reached = this.#earliest(users, false);
    return reached.length > 0 ? reached : this.#earliest(users, true);
  }

  /** Takes a component as being started now: the nodes behind it are reached sooner. */
  warm(component: string): void {
    if (!this.#cold.has(component)) return;
    const { drawnMs } = this.#inputs.expected.coldStart(component);
    const ready = this.#ready.get(component)!;
    for (let k = 0; k < SCENARIOS; k++) ready[k] = Math.min(ready[k]!, drawnMs[k]!);
    this.#known = Math.min(this.#known, this.#position.users.get(component)![0]!);
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
    const { chances } = this.#inputs.expected;
    const runs: Uint8Array[] = [];
    this.#graph.nodes.forEach(({ conditional, guard }, at) => {
      const outcome = this.#position.outcomes[at];
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

  #play(at: number): void {
    const { beganInMs } = this.#position;
    const arrivals = this.#arrivals[at]!.fill(beganInMs);
    const ends = this.#ends[at]!.fill(beganInMs);
    const status = this.#position.progress[at]?.status;
    if (status === 'ended' || status === 'skipped') return;

    const { needs, component, fewestNeeds } = this.#graph.nodes[at]!;
    for (const need of needs) {
      const needed = this.#ends[need]!;
      for (let k = 0; k < SCENARIOS; k++) if (needed[k]! > arrivals[k]!) arrivals[k] = needed[k]!;
    }
    if (fewestNeeds !== undefined && fewestNeeds < needs.length) this.#joinAt(arrivals, needs, fewestNeeds);
    const { expected } = this.#inputs;
    const ready = component === undefined ? undefined : this.#ready.get(component);
    const coldStart = component !== undefined && this.#cold.has(component) ? expected.coldStart(component) : undefined;
    const runs = this.#runs[at]!;
    const durations = expected.durationsMs[at]!;
    const workedMs = this.#workedMs(at);
    for (let k = 0; k < SCENARIOS; k++) {
      const arrival = arrivals[k]!;
      ends[k] = arrival;
      if (runs[k] === 0) continue;
      let start = arrival;
      if (ready) {
        // What is cold now was not started by a call that has come already.
        const readyByCall = coldStart
          ? Math.max(arrival, 0) + coldStart.reactionMs + coldStart.drawnMs[k]!
          : Number.POSITIVE_INFINITY;
        // Earlier warming only makes arrivals earlier, so a start left from before never stands in the way.
        if (readyByCall < ready[k]!) ready[k] = readyByCall;
        if (ready[k]! > start) start = ready[k]!;
      }
      const leftMs = durations[k]! - workedMs;
      ends[k] = leftMs > 0 ? start + leftMs : start;
    }
  }

  /** A join is taken to be met as early as it can be. */
  #joinAt(arrivals: Float64Array, needs: readonly number[], fewestNeeds: number): void {
    for (let k = 0; k < SCENARIOS; k++) {
      const ends = needs.map((need) => this.#ends[need]![k]!).sort((a, b) => a - b);
      arrivals[k] = ends[fewestNeeds - 1]!;
    }
  }

  /** For how long a node has run already; a node whose component is not ready only waits. */
  #workedMs(at: number): number {
    const progress = this.#position.progress[at];
    if (progress?.status !== 'running') return 0;
    const { component } = this.#graph.nodes[at]!;
    const isReady = component === undefined || (this.#inputs.readyInMs(component) ?? 1) <= 0;
    return isReady ? Math.max(0, this.#nowMs - progress.sinceMs) : 0;
  }
}
