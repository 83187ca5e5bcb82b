import type { RequestTokens } from '../workload/distribution';
import { AgentCall } from './agent-call';
import type { PlannedNode } from './agent-plan';
import type { SharedServices } from './agent-runs';
import { isTaken, itemsOf, workOf } from './node-needs';
import { Parts } from './parts';

/** When a node of a run started and ended, and for how long its calls waited for copies. */
export interface NodeTimes {
  startUs: number;
  endUs: number;
  coldUs: number;
  /** Whether its branch was not taken. */
  isSkipped: boolean;
}

interface NodeState {
  /** Of the items of a map: not started, and not ended. */
  unstarted: number;
  unended: number;
}

/** One run of an agent: a node starts the moment the last node it needs has ended. */
export class AgentRun {
  readonly startedAtUs: number;
  readonly times: NodeTimes[] = [];
  isOver = false;
  /** On its critical path, once it is over: waiting for copies, and how many one after another. */
  coldUs = 0;
  depth = 0;
  #unsettled: number;
  readonly #missing: number[];
  readonly #states: NodeState[] = [];
  readonly #calls = new Set<AgentCall>();
  readonly #tokens: RequestTokens;

  constructor(
    private readonly services: SharedServices,
    readonly request: number,
    readonly deadlineUs: number,
  ) {
    const { plan, requests, timeline } = services;
    this.startedAtUs = timeline.nowUs;
    this.#unsettled = plan.nodes.length;
    this.#missing = plan.needCounts.slice();
    this.#tokens = {
      promptTokens: requests.promptTokens[request]!,
      outputTokens: requests.outputTokens[request]!,
    };
    for (let at = 0; at < plan.nodes.length; at++) {
      this.times.push({ startUs: NaN, endUs: NaN, coldUs: 0, isSkipped: false });
      this.#states.push({ unstarted: 0, unended: 0 });
    }
  }

  start(): void {
    const { plan } = this.services;
    const parts = new Parts();
    parts.orchestrationUs = plan.runUs;
    for (const root of plan.roots) this.#startNode(root, parts, this.startedAtUs + plan.runUs);
  }

  /** Ends the run before its nodes have; the call that waited longest for a copy tells where its time went. */
  fail(): void {
    let slowest = new Parts();
    for (const { parts } of this.#calls) if (parts.coldUs > slowest.coldUs) slowest = parts;
    this.#end(Infinity, slowest);
  }

  /** A call of this run has ended, `parts` being where the time up to now went. */
  callEnded(call: AgentCall): void {
    const { node, parts } = call;
    const { observer, timeline } = this.services;
    this.#calls.delete(call);
    const times = this.times[node.position]!;
    const coldUs = parts.coldUs - call.coldBeforeUs;
    times.coldUs = Math.max(times.coldUs, coldUs);
    const retryUs = parts.retryUs - call.retryBeforeUs;
    observer.onCallEnd?.(node.component, timeline.nowUs - call.startedAtUs, coldUs, retryUs);
    const state = this.#states[node.position]!;
    state.unended--;
    if (state.unstarted > 0) this.#startCall(node, --state.unstarted, parts, timeline.nowUs);
    else if (state.unended === 0) this.#settle(node.position, parts);
  }

  #startNode(at: number, parts: Parts, atUs: number): void {
    const node = this.services.plan.nodes[at]!;
    this.times[at]!.startUs = atUs;
    const { seed, observer } = this.services;
    const isSkipped = !isTaken(seed, this.request, node);
    this.times[at]!.isSkipped = isSkipped;
    if (!isSkipped) observer.onNodeStart?.(this, at);
    const items = isSkipped || node.component < 0 ? 0 : itemsOf(seed, this.request, node, this.#tokens);
    if (items === 0) {
      this.#settle(at, parts);
      return;
    }
    const state = this.#states[at]!;
    state.unended = items;
    state.unstarted = Math.max(0, items - node.concurrency);
    for (let item = items; item > state.unstarted; item--) this.#startCall(node, item - 1, parts, atUs);
  }

  #startCall(node: PlannedNode, item: number, parts: Parts, atUs: number): void {
    const work = workOf(this.services.seed, this.request, node, item, this.#tokens);
    this.services.log.tokens[this.request]! += work.promptTokens + work.outputTokens;
    const call = new AgentCall(this.services, this, node, item, work, parts);
    this.#calls.add(call);
    this.services.observer.onCallStart?.(node.component);
    call.start(atUs);
  }

  #settle(at: number, parts: Parts): void {
    const { plan, timeline, observer } = this.services;
    if (this.isOver) return;
    const endUs = Math.max(timeline.nowUs, this.times[at]!.startUs);
    this.times[at]!.endUs = endUs;
    observer.onNodeEnd?.(this, at);
    if (--this.#unsettled === 0) {
      this.#end(endUs - this.startedAtUs, parts);
      return;
    }
    for (const dependent of plan.dependents[at]!) {
      if (--this.#missing[dependent]! === 0) this.#startNode(dependent, parts, endUs);
    }
  }

  #end(latencyUs: number, parts: Parts): void {
    if (this.isOver) return;
    this.isOver = true;
    this.coldUs = parts.coldUs;
    this.depth = parts.depth;
    const { observer, timeline, log } = this.services;
    for (const call of this.#calls) {
      call.cancel();
      observer.onCallFail?.(call.node.component, timeline.nowUs - call.startedAtUs);
    }
    log.set(this.request, latencyUs, parts);
    observer.onRunEnd?.(this, latencyUs);
  }
}
