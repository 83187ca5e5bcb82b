import type { Expectations } from './expectations';
import type { WarmGraph } from './graph';
import { type Outcomes, reachOfAny, reachProbabilities } from './reach';
import { RunPlay, type RunPosition } from './run-play';
import { quantileOf } from './scenarios';
import type { Wish } from './wish';

/** A run that is under way. */
export interface OpenRequest {
  readonly id: string;
  /** Name of its graph. */
  readonly graph: string;
  /** By node id; a node that is not named waits. */
  readonly nodes: Readonly<Record<string, NodeProgress>>;
  /** When it began: so far a run of which no node is named is taken to have got. @default now */
  readonly sinceMs?: number;
  /** Components that have refused a call of it, which is sure to be tried again. @default none */
  readonly refusedBy?: readonly string[];
}

export type NodeProgress =
  | { readonly status: 'running'; readonly sinceMs: number }
  | { readonly status: 'ended' | 'skipped' };

/** What a forecast takes as known. */
export interface ForecastInputs {
  readonly expected: Expectations;
  /** In how long a component serves; not above 0 if it does, and has for so long; undefined while it is cold. */
  readonly readyInMs: (component: string) => number | undefined;
}

/** When a run gets to a node, and when the component of that node is ready for it: from now, below 0 if that is over. */
export interface NodeForecast {
  readonly arrivalMs: number;
  readonly startMs: number;
}

/**
 * When a run will get to its nodes, and what it may want of which component.
 *
 * Played through in a few scenarios that cover the distributions of the node durations, cold starts and branches
 * evenly; not before a time is asked for, so that a forecast nobody needs costs next to nothing.
 */
export class RunForecast {
  readonly #graph: WarmGraph;
  readonly #request: OpenRequest;
  readonly #inputs: ForecastInputs;
  readonly #nowMs: number;
  readonly #position: RunPosition;
  #played: RunPlay | undefined;
  #knownReach: readonly number[] | undefined;

  constructor(graph: WarmGraph, request: OpenRequest, inputs: ForecastInputs, nowMs: number) {
    this.#graph = graph;
    this.#request = request;
    this.#inputs = inputs;
    this.#nowMs = nowMs;
    const progress = graph.nodes.map(({ id }) => request.nodes[id]);
    const users = new Map<string, number[]>();
    graph.nodes.forEach(({ component }, at) => {
      const status = progress[at]?.status;
      if (component === undefined || status === 'ended' || status === 'skipped') return;
      const known = users.get(component);
      if (known) known.push(at);
      else users.set(component, [at]);
    });
    const calling = new Set(request.refusedBy?.map((component) => users.get(component)?.[0]));
    const outcomes: Outcomes = progress.map((each, at) =>
      each ? each.status !== 'skipped' : calling.has(at) || undefined,
    );
    const isOnlyBegun = progress.every((each) => each === undefined);
    const beganInMs = isOnlyBegun ? Math.min(0, (request.sinceMs ?? nowMs) - nowMs) : 0;
    this.#position = { progress, outcomes, users, beganInMs };
  }

  /** The components that the rest of the run may call, in the order in which it gets to them. */
  components(): string[] {
    return [...this.#position.users.keys()];
  }

  /** The probability that the rest of the run calls a component. */
  reach(component: string): number {
    const users = this.#position.users.get(component);
    if (!users) return 0;
    const { chances } = this.#inputs.expected;
    const { outcomes } = this.#position;
    if (users.length > 1) return reachOfAny(this.#graph, chances, outcomes, users);
    return this.#reach[users[0]!]!;
  }

  /** What the run may want of a component; undefined if it cannot call it any more. */
  wish(component: string): Wish | undefined {
    const probability = this.reach(component);
    if (probability === 0) return undefined;
    const users = this.#position.users.get(component)!;
    const isCalling = this.#request.refusedBy?.includes(component);
    const arrivalsMs = isCalling ? [0] : this.#play.firstArrivals(users);
    const arrivalsAtMs = arrivalsMs.map((arrivalMs) => this.#nowMs + arrivalMs);
    return { request: this.#request.id, component, probability, arrivalsAtMs, ...this.#load(users, probability) };
  }

  /** Takes a component as being started now: the nodes behind it are reached sooner. */
  warm(component: string): void {
    if (this.#position.users.has(component)) this.#play.warm(component);
  }

  /** When the run gets to each node in at most the share `p` of the scenarios, by node id. */
  nodes(p: number): Record<string, NodeForecast> {
    return Object.fromEntries(
      this.#graph.nodes.map(({ id }, at) => [
        id,
        { arrivalMs: quantileOf(this.#play.arrivals(at), p), startMs: quantileOf(this.#play.starts(at), p) },
      ]),
    );
  }

  /** Of the node that is expected to make most calls at once: several that call the same seldom run together. */
  #load(users: readonly number[], probability: number): Pick<Wish, 'width' | 'callMs'> {
    const { widths, callsMs } = this.#inputs.expected;
    const reach = this.#reach;
    const calls = (at: number) => reach[at]! * widths[at]!;
    const widest = users.reduce((most, at) => (calls(at) > calls(most) ? at : most));
    const width = calls(widest) / probability;
    return { callMs: callsMs[widest]!, ...(width > 1 && { width }) };
  }

  /** The probability that each node runs, by position. */
  get #reach(): readonly number[] {
    this.#knownReach ??= reachProbabilities(this.#graph, this.#inputs.expected.chances, this.#position.outcomes);
    return this.#knownReach;
  }

  get #play(): RunPlay {
    this.#played ??= new RunPlay(this.#graph, this.#position, this.#inputs, this.#nowMs);
    return this.#played;
  }
}
