import { type HedgeBudget, NO_HEDGES } from '../../core/run/hedge';
import type { Actor, Timeline } from '../kernel/timeline';
import type { RequestList } from '../workload/request-list';
import type { AgentPlan } from './agent-plan';
import { AgentRun } from './agent-run';
import type { RunLog } from './run-log';
import type { Server } from './servers';

/** Told what policies may act on. */
export interface RunObserver {
  onRunStart?(run: AgentRun): void;
  /** A node begins: its branch, if it is one, was taken. */
  onNodeStart?(run: AgentRun, node: number): void;
  /** A node ended, or was skipped. */
  onNodeEnd?(run: AgentRun, node: number): void;
  onCallStart?(component: number): void;
  /** A call has met no copy and waits for one; told once for each call. */
  onCallRefused?(component: number): void;
  /** A call ended: `latencyUs` since its node could start, of which `coldUs` for a copy and `retryUs` between tries. */
  onCallEnd?(component: number, latencyUs: number, coldUs: number, retryUs: number): void;
  /** A call was given up with its run, `latencyUs` after its node could start. */
  onCallFail?(component: number, latencyUs: number): void;
  onRunEnd?(run: AgentRun, latencyUs: number): void;
}

/** What the runs of an agent share. */
export interface RunServices {
  readonly timeline: Timeline;
  readonly plan: AgentPlan;
  readonly requests: RequestList;
  /** By position, as the plan refers to them. */
  readonly servers: readonly Server[];
  readonly seed: number;
  readonly log: RunLog;
  readonly observer: RunObserver;
}

/** And what they know of each other. */
export interface SharedServices extends RunServices {
  /** Second tries that the calls of each node have earned, by position. */
  readonly hedges: HedgeBudget[];
}

const ARRIVAL = 0;

/** Starts a run for each request when it comes, whether or not earlier ones have ended, and ends those that take too long. */
export class AgentRuns implements Actor {
  /** In the order of their deadlines, as all have the same time. */
  #open: AgentRun[] = [];
  #firstOpen = 0;
  #next: number;

  readonly #services: SharedServices;

  /** @param first position of the first request that comes */
  constructor(services: RunServices, first = 0) {
    this.#services = { ...services, hedges: services.plan.nodes.map(() => NO_HEDGES) };
    this.#next = first;
    if (first < services.requests.count) this.#planArrival();
  }

  /** Whether requests are still to come, or under way. */
  get isOpen(): boolean {
    return this.#next < this.#services.requests.count || this.#earliest() !== undefined;
  }

  act(what: number): void {
    if (what === ARRIVAL) this.#arrive();
    else this.#expire();
  }

  #planArrival(): void {
    const { timeline, requests } = this.#services;
    timeline.at(requests.arrivalUs[this.#next]!, this, ARRIVAL);
  }

  #arrive(): void {
    const { timeline, plan, requests, observer } = this.#services;
    const run = new AgentRun(this.#services, this.#next++, timeline.nowUs + plan.timeoutUs);
    if (this.#next < requests.count) this.#planArrival();
    this.#open.push(run);
    if (this.#open.length - this.#firstOpen === 1) timeline.at(run.deadlineUs, this, 1);
    observer.onRunStart?.(run);
    run.start();
  }

  /** One event for the earliest deadline stands for all. */
  #expire(): void {
    const { timeline } = this.#services;
    for (let run = this.#earliest(); run !== undefined; run = this.#earliest()) {
      if (run.deadlineUs > timeline.nowUs) {
        timeline.at(run.deadlineUs, this, 1);
        return;
      }
      run.fail();
    }
  }

  /** Of those under way, the one whose deadline comes first. */
  #earliest(): AgentRun | undefined {
    while (this.#open[this.#firstOpen]?.isOver) this.#firstOpen++;
    const earliest = this.#open[this.#firstOpen];
    // Half of them at a time: thousands that are late at once would else be moved for each that ends.
    if (2 * this.#firstOpen >= this.#open.length) {
      this.#open = this.#open.slice(this.#firstOpen);
      this.#firstOpen = 0;
    }
    return earliest;
  }
}
