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

class NodeState implements NodeTimes {
  startUs = NaN;
  endUs = NaN;
  coldUs = 0;
  isSkipped = false;
  /** Of the items of a map: not started, and not ended. */
  unstarted = 0;
  unended = 0;
}

/** One run of an agent: a node starts the moment the last node it needs has ended. */
export class AgentRun {
  readonly startedAtUs: number;
  isOver = false;
  /** On its critical path, once it is over: waiting for copies, and how many one after another. */
  coldUs = 0;
  depth = 0;
  #unsettled: number;
  readonly #missing: number[];
  readonly #states: readonly NodeState[];
  /** In the order of their starts; those that have ended stay until the run has. */
  #calls: AgentCall[] = [];
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
    this.#states = plan.nodes.map(() => new NodeState());
  }

  /** By the positions of its nodes. */
  get times(): readonly Readonly<NodeTimes>[] {
    return this.#states;
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
    for (const { parts, isOver } of this.#calls) if (!isOver && parts.coldUs > slowest.coldUs) slowest = parts;
    this.#end(Infinity, slowest);
  }

  /** A call of this run has ended, `parts` being where the time up to now went. */
  callEnded(call: AgentCall): void {
    const { node, parts } = call;
    const { observer, timeline } = this.services;
    const state = this.#states[node.position]!;
    const coldUs = parts.coldUs - call.coldBeforeUs;
    state.coldUs = Math.max(state.coldUs, coldUs);
    const retryUs = parts.retryUs - call.retryBeforeUs;
    observer.onCallEnd?.(node.component, timeline.nowUs - call.startedAtUs, coldUs, retryUs);
    state.unended--;
    if (state.unstarted > 0) this.#startCall(node, --state.unstarted, parts, timeline.nowUs);
    else if (state.unended === 0) this.#settle(node.position, parts);
  }

  #startNode(at: number, parts: Parts, atUs: number): void {
    const node = this.services.plan.nodes[at]!;
    const state = this.#states[at]!;
    state.startUs = atUs;
    const { seed, observer, requests } = this.services;
    const isSkipped = !isTaken(seed, requests, this.request, node);
    state.isSkipped = isSkipped;
    if (!isSkipped) observer.onNodeStart?.(this, at);
    const items = isSkipped || node.component < 0 ? 0 : itemsOf(seed, this.request, node, this.#tokens);
    if (items === 0) {
      this.#settle(at, parts);
      return;
    }
    state.unended = items;
    state.unstarted = Math.max(0, items - node.concurrency);
    for (let item = items; item > state.unstarted; item--) this.#startCall(node, item - 1, parts, atUs);
  }

  #startCall(node: PlannedNode, item: number, parts: Parts, atUs: number): void {
    const work = workOf(this.services.seed, this.request, node, item, this.#tokens);
    this.services.log.tokens[this.request]! += work.promptTokens + work.outputTokens;
    const call = new AgentCall(this.services, this, node, item, work, parts);
    this.#calls.push(call);
    this.services.observer.onCallStart?.(node.component);
    call.start(atUs);
  }

  #settle(at: number, parts: Parts): void {
    const { plan, timeline, observer } = this.services;
    if (this.isOver) return;
    const state = this.#states[at]!;
    state.endUs = Math.max(timeline.nowUs, state.startUs);
    observer.onNodeEnd?.(this, at);
    if (--this.#unsettled === 0) {
      this.#end(state.endUs - this.startedAtUs, parts);
      return;
    }
    for (const dependent of plan.dependents[at]!) {
      if (--this.#missing[dependent]! === 0) this.#startNode(dependent, parts, state.endUs);
    }
  }

  #end(latencyUs: number, parts: Parts): void {
    if (this.isOver) return;
    this.isOver = true;
    this.coldUs = parts.coldUs;
    this.depth = parts.depth;
    const { observer, timeline, log } = this.services;
    for (const call of this.#calls) {
      if (call.isOver) continue;
      call.cancel();
      observer.onCallFail?.(call.node.component, timeline.nowUs - call.startedAtUs);
    }
    this.#calls = [];
    log.set(this.request, latencyUs, parts);
    observer.onRunEnd?.(this, latencyUs);
  }
}
