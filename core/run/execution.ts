import { hasFallback, type NodeDefinition } from '../graph/definition';
import type { Graph } from '../graph/graph';
import type { Timer } from './call';
import { type CallServices, ComponentCall } from './component-call';
import { CallError, toCallError } from './errors';
import { invoke, isThenable } from './invoke';
import { NodeScope } from './node-scope';
import { budgetMs, type Plan, remainingPaths } from './plan';
import { PriorityQueue } from './priority-queue';
import type { NodeStatus } from './record';

/** A node during a run. */
export interface NodeState {
  status: NodeStatus | 'waiting' | 'running';
  /** Clock times, once it is so. */
  start: number;
  end: number;
  /** Position of the node whose end made this one ready; -1 for a root. */
  readyBy: number;
  scope: NodeScope | undefined;
  /** Whether what needs it has its value, or what stands in for it. */
  hasValue: boolean;
  /** Why it failed or was stopped. */
  error: CallError | undefined;
  /** Where that error arose, as in `facts[3]`. */
  failedAt: string | undefined;
}

/** Why a run was ended before its nodes were. */
export type Cut = 'cancelled' | CallError;

/** What the run is held to. */
export interface Bounds {
  /** Clock time at which the run started. */
  readonly start: number;
  /** Clock time by which the run must have ended; Infinity if it has no limit. */
  readonly deadline: number;
  /** Cancels the run. */
  readonly signal: AbortSignal | undefined;
}

/**
 * Runs the nodes of a graph once. A node starts the moment the last node it needs has ended: there are no layers to
 * wait for. Nodes that become ready together start in the order of their longest remaining path.
 */
export class Execution {
  readonly states: readonly NodeState[];
  readonly #values: unknown[];
  /** Of each node, how many of its needs have not settled. */
  readonly #missing: Int32Array;
  readonly #paths: Float64Array;
  readonly #ready = new PriorityQueue<number>();
  #isStarting = false;
  #unsettled: number;
  #deadlineTimer: Timer;
  #finish: (cut?: Cut) => void = () => {};
  #isOver = false;

  constructor(
    private readonly services: CallServices,
    private readonly graph: Graph,
    private readonly plan: Plan,
    private readonly input: unknown,
    private readonly bounds: Bounds,
  ) {
    this.states = plan.nodes.map(newState);
    this.#values = new Array(plan.nodes.length);
    this.#missing = plan.needCounts.slice();
    this.#paths = remainingPaths(plan);
    this.#unsettled = plan.nodes.length;
  }

  /** Resolves when every node has settled, or at once, with the reason, when the run is cut short. Never rejects. */
  run(): Promise<Cut | undefined> {
    const { deadline, signal, start } = this.bounds;
    return new Promise((resolve) => {
      const cancel = () => this.#cutShort('cancelled');
      this.#finish = (cut) => {
        signal?.removeEventListener('abort', cancel);
        if (this.#deadlineTimer !== undefined) this.services.clock.clearTimer(this.#deadlineTimer);
        this.#isOver = true;
        resolve(cut);
      };
      if (signal?.aborted) cancel();
      signal?.addEventListener('abort', cancel, { once: true });
      if (deadline !== Infinity && !this.#isOver) {
        const late = new CallError('timed-out', `the run did not end within ${Math.round(deadline - start)} ms`);
        this.#deadlineTimer = this.services.clock.setTimer(() => this.#cutShort(late), deadline - start);
      }
      for (const root of this.plan.roots) this.#ready.push(root, this.#paths[root]!);
      this.#startReady();
    });
  }

  /** A node that ends at once makes others ready: a loop, so that a long chain needs no deep stack. */
  #startReady(): void {
    if (this.#isStarting) return;
    this.#isStarting = true;
    while (this.#ready.size > 0 && !this.#isOver) this.#start(this.#ready.pop()!);
    this.#isStarting = false;
    if (this.#unsettled === 0 && !this.#isOver) this.#finish();
  }

  #start(position: number): void {
    const node = this.plan.nodes[position]!;
    const state = this.states[position]!;
    state.status = 'running';
    state.start = this.services.clock.now();
    try {
      const values = this.valuesFor(node.needs);
      if (node.when && !node.when(values)) {
        this.#settle(position, 'skipped', node.default);
        return;
      }
      const scope = new NodeScope(this.services.clock, node.id, this.#deadlineOf(position, state.start));
      state.scope = scope;
      const value = invoke(node, values, scope, (input, item) => this.#call(position, scope, input, item));
      if (isThenable(value)) {
        value.then(
          (settled) => this.#settle(position, 'succeeded', settled),
          (error) => this.#fail(position, error),
        );
      } else {
        this.#settle(position, 'succeeded', value);
      }
    } catch (error) {
      this.#fail(position, error);
    }
  }

  /** What a node, or the output, sees. */
  valuesFor(needs: readonly string[]): Record<string, unknown> {
    const values: Record<string, unknown> = { input: this.input };
    for (const need of needs) values[need] = this.#values[this.plan.position.get(need)!];
    return values;
  }

  /** The node's own limit, and for a call what the deadline of the run leaves it beside the path that follows. */
  #deadlineOf(position: number, now: number): number {
    const node = this.plan.nodes[position]!;
    const nodeMs = node.timeout?.nodeMs ?? this.graph.definition.timeout?.nodeMs ?? Infinity;
    if (node.kind === 'compute' || this.bounds.deadline === Infinity) return now + nodeMs;
    const leftMs = this.bounds.deadline - now;
    return now + Math.min(nodeMs, budgetMs(leftMs, this.plan.durations[position]!.value, this.#paths[position]!));
  }

  #call(position: number, scope: NodeScope, input: unknown, item?: number): Promise<unknown> {
    const node = this.plan.nodes[position] as Exclude<NodeDefinition, { kind: 'compute' }>;
    const { timeout, retry } = this.graph.definition;
    const call = new ComponentCall(this.services, {
      at: item === undefined ? node.id : `${node.id}[${item}]`,
      component: node.call,
      timeout: { ...timeout, ...node.timeout },
      retry: { ...retry, ...node.retry },
      priority: this.#paths[position]!,
      deadline: scope.deadline,
      runStart: this.bounds.start,
      signal: scope.signal,
    });
    scope.calls[item ?? 0] = call;
    return call.run(input);
  }

  #settle(position: number, status: 'succeeded' | 'skipped', value: unknown): void {
    if (this.#isOver) return;
    const state = this.states[position]!;
    this.#end(state, status);
    if (status === 'succeeded') this.plan.durations[position]!.add(warmDuration(state));
    this.#pass(position, value);
    this.#startReady();
  }

  #fail(position: number, thrown: unknown): void {
    if (this.#isOver) return;
    const node = this.plan.nodes[position]!;
    const state = this.states[position]!;
    this.#end(state, 'failed');
    state.error = toCallError(thrown);
    state.failedAt = state.scope?.calls.find((call) => call?.error === thrown)?.at ?? node.id;
    state.scope?.abort(new CallError('failed', `node "${node.id}" failed`));
    this.#spread(position);
    this.#startReady();
  }

  #end(state: NodeState, status: NodeStatus): void {
    state.status = status;
    state.end = this.services.clock.now();
    state.scope?.close();
  }

  /** Hands a value to the nodes that need it. */
  #pass(position: number, value: unknown): void {
    this.#values[position] = value;
    this.states[position]!.hasValue = true;
    this.#unsettled--;
    for (const dependent of this.plan.dependents[position]!) {
      if (--this.#missing[dependent]! > 0 || this.states[dependent]!.status !== 'waiting') continue;
      this.states[dependent]!.readyBy = position;
      this.#ready.push(dependent, this.#paths[dependent]!);
    }
  }

  /** Passes the default of a failed node on if it may fail; else stops what needs it, and what needs that. */
  #spread(failed: number): void {
    const unspread = [failed];
    while (unspread.length > 0) {
      const position = unspread.pop()!;
      const node = this.plan.nodes[position]!;
      if (node.kind !== 'map' && hasFallback(node)) {
        this.#pass(position, node.default);
        continue;
      }
      this.#unsettled--;
      for (const dependent of this.plan.dependents[position]!) {
        const state = this.states[dependent]!;
        if (state.status !== 'waiting') continue;
        this.#end(state, 'stopped');
        state.start = state.end;
        state.readyBy = position;
        state.error = this.states[failed]!.error;
        state.failedAt = this.states[failed]!.failedAt;
        unspread.push(dependent);
      }
    }
  }

  #cutShort(cut: Cut): void {
    const now = this.services.clock.now();
    const running = this.states.filter(({ status }) => status === 'running');
    for (const state of this.states) {
      if (state.status !== 'waiting' && state.status !== 'running') continue;
      if (state.status === 'waiting') state.start = now;
      this.#end(state, 'cancelled');
    }
    this.#finish(cut);
    for (const { scope } of running) scope?.abort(cut);
  }
}

function newState(): NodeState {
  return {
    status: 'waiting',
    start: 0,
    end: 0,
    readyBy: -1,
    scope: undefined,
    hasValue: false,
    error: undefined,
    failedAt: undefined,
  };
}

/** A cold start says nothing about how long a node takes. */
function warmDuration({ start, end, scope }: NodeState): number {
  const coldMs = scope ? Math.max(0, ...scope.calls.map((call) => call.record().coldMs)) : 0;
  return end - start - coldMs;
}
