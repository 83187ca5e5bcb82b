import type { AgentRun } from './agent-run';
import type { RunObserver } from './agent-runs';

/** Several observers, in their order, each told only what it listens to: most of them listen to little. */
export class RunObservers implements Required<RunObserver> {
  readonly #runStarts: readonly RunObserver[];
  readonly #nodeStarts: readonly RunObserver[];
  readonly #nodeEnds: readonly RunObserver[];
  readonly #callStarts: readonly RunObserver[];
  readonly #callRefusals: readonly RunObserver[];
  readonly #callEnds: readonly RunObserver[];
  readonly #callFails: readonly RunObserver[];
  readonly #runEnds: readonly RunObserver[];

  constructor(observers: readonly RunObserver[]) {
    this.#runStarts = observers.filter((each) => each.onRunStart !== undefined);
    this.#nodeStarts = observers.filter((each) => each.onNodeStart !== undefined);
    this.#nodeEnds = observers.filter((each) => each.onNodeEnd !== undefined);
    this.#callStarts = observers.filter((each) => each.onCallStart !== undefined);
    this.#callRefusals = observers.filter((each) => each.onCallRefused !== undefined);
    this.#callEnds = observers.filter((each) => each.onCallEnd !== undefined);
    this.#callFails = observers.filter((each) => each.onCallFail !== undefined);
    this.#runEnds = observers.filter((each) => each.onRunEnd !== undefined);
  }

  onRunStart(run: AgentRun): void {
    for (const each of this.#runStarts) each.onRunStart!(run);
  }

  onNodeStart(run: AgentRun, node: number): void {
    for (const each of this.#nodeStarts) each.onNodeStart!(run, node);
  }

  onNodeEnd(run: AgentRun, node: number): void {
    for (const each of this.#nodeEnds) each.onNodeEnd!(run, node);
  }

  onCallStart(component: number): void {
    for (const each of this.#callStarts) each.onCallStart!(component);
  }

  onCallRefused(component: number): void {
    for (const each of this.#callRefusals) each.onCallRefused!(component);
  }

  onCallEnd(component: number, latencyUs: number, coldUs: number, retryUs: number): void {
    for (const each of this.#callEnds) each.onCallEnd!(component, latencyUs, coldUs, retryUs);
  }

  onCallFail(component: number, latencyUs: number): void {
    for (const each of this.#callFails) each.onCallFail!(component, latencyUs);
  }

  onRunEnd(run: AgentRun, latencyUs: number): void {
    for (const each of this.#runEnds) each.onRunEnd!(run, latencyUs);
  }
}
