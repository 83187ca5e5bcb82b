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
  readonly #ready = new Map<string, number[]>();
  /** Components that were cold when the play began. */
  readonly #cold = new Set<string>();
  /** Of each node in each scenario, one node after another: an array for each would cost more than to play it. */
  readonly #runs: Uint8Array;
  readonly #arrivals: Float64Array;
  readonly #ends: Float64Array;
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
    this.#arrivals = new Float64Array(graph.nodes.length * SCENARIOS);
    this.#ends = new Float64Array(graph.nodes.length * SCENARIOS);
  }

  /** A start under way takes what it takes in each scenario; if that is over, it is expected at once. */
  #readyOf(component: string, inMs: number | undefined): number[] {
    if (inMs === undefined || inMs <= 0) return Array<number>(SCENARIOS).fill(inMs ?? Number.POSITIVE_INFINITY);
    const { drawnMs, lateMs } = this.#inputs.expected.coldStart(component);
    return drawnMs.map((startMs) => Math.max(0, inMs + startMs - lateMs));
  }

  /** When a node is reached, in each scenario. */
  arrivals(at: number): Float64Array {
    this.#playTo(at);
    return this.#arrivals.subarray(at * SCENARIOS, (at + 1) * SCENARIOS);
  }

  /** When the component of a node is ready for it, in each scenario. */
  starts(at: number): Float64Array {
    const { component } = this.#graph.nodes[at]!;
    const arrivals = this.arrivals(at);
    const ready = component === undefined ? undefined : this.#ready.get(component);
    return arrivals.map((arrival, k) => Math.max(arrival, ready?.[k] ?? arrival));
  }

  /** Earliest arrival at one of these nodes, in each scenario that reaches one; if none does, in all scenarios. Ascending. */
  firstArrivals(users: readonly number[]): number[] {
    this.#playTo(users.at(-1)!);
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
        const arrivalMs = this.#arrivals[at * SCENARIOS + k]!;
        if (arrivalMs < first && (isAnyScenario || this.#runs[at * SCENARIOS + k] === 1)) first = arrivalMs;
      }
      if (first < Number.POSITIVE_INFINITY) insert(first, earliest);
    }
    return earliest;
  }

  #playBranches(): Uint8Array {
    const { nodes } = this.#graph;
    const { chances } = this.#inputs.expected;
    const runs = new Uint8Array(nodes.length * SCENARIOS);
    nodes.forEach(({ conditional, guard }, at) => {
      const first = at * SCENARIOS;
      const outcome = this.#position.outcomes[at];
      if (outcome !== undefined || !conditional) {
        runs.fill(outcome === false ? 0 : 1, first, first + SCENARIOS);
        return;
      }
      const luck = drawUniform(2 * at + 1);
      for (let k = 0; k < SCENARIOS; k++) {
        const guardRan = guard === undefined || runs[guard * SCENARIOS + k] === 1;
        runs[first + k] = luck[k]! < (guardRan ? chances.afterTaken : chances.afterSkipped)[at]! ? 1 : 0;
      }
    });
    return runs;
  }

  #playTo(at: number): void {
    for (; this.#known <= at; this.#known++) this.#play(this.#known);
  }

  #play(at: number): void {
    const { beganInMs } = this.#position;
    const first = at * SCENARIOS;
    const arrivals = this.#arrivals.fill(beganInMs, first, first + SCENARIOS);
    const ends = this.#ends.fill(beganInMs, first, first + SCENARIOS);
    const status = this.#position.progress[at]?.status;
    if (status === 'ended' || status === 'skipped') return;

    const { needs, component, fewestNeeds } = this.#graph.nodes[at]!;
    for (const need of needs) {
      for (let k = 0; k < SCENARIOS; k++) {
        const endMs = ends[need * SCENARIOS + k]!;
        if (endMs > arrivals[first + k]!) arrivals[first + k] = endMs;
      }
    }
    if (fewestNeeds !== undefined && fewestNeeds < needs.length) this.#joinAt(at, needs, fewestNeeds);
    const { expected } = this.#inputs;
    const ready = component === undefined ? undefined : this.#ready.get(component);
    const coldStart = component !== undefined && this.#cold.has(component) ? expected.coldStart(component) : undefined;
    const runs = this.#runs;
    const durations = expected.durationsMs[at]!;
    const workedMs = this.#workedMs(at);
    for (let k = 0; k < SCENARIOS; k++) {
      const arrival = arrivals[first + k]!;
      ends[first + k] = arrival;
      if (runs[first + k] === 0) continue;
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
      ends[first + k] = leftMs > 0 ? start + leftMs : start;
    }
  }

  /** A join is taken to be met as early as it can be. */
  #joinAt(at: number, needs: readonly number[], fewestNeeds: number): void {
    for (let k = 0; k < SCENARIOS; k++) {
      const ends = needs.map((need) => this.#ends[need * SCENARIOS + k]!).sort((a, b) => a - b);
      this.#arrivals[at * SCENARIOS + k] = ends[fewestNeeds - 1]!;
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

/** Puts a value in its place: of so few that is sooner done than a sort has begun. */
function insert(value: number, ascending: number[]): void {
  let at = ascending.length;
  for (; at > 0 && ascending[at - 1]! > value; at--) ascending[at] = ascending[at - 1]!;
  ascending[at] = value;
}
