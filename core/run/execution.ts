import type { Component } from '../graph/component';
import { fallbackOf, hasFallback, type NodeDefinition, standsIn, type Values } from '../graph/definition';
import type { Graph } from '../graph/graph';
import type { PlanNode } from '../graph/planned';
import { isThenable } from '../graph/thenable';
import { type Bounds, unlessAborted } from './abort';
import type { Emit } from './as-it-comes';
import { type NodeTimes, timesFor } from './budget';
import type { Timer } from './call';
import { type CallServices, type ComponentCall, callComponent, type Spending } from './component-call';
import { compute } from './compute';
import { CallError, toCallError } from './errors';
import type { RunEvent } from './events';
import { invoke } from './invoke';
import { Joins } from './joins';
import type { Plan } from './plan';
import type { PlanRun } from './plan-site';
import { PriorityQueue } from './priority-queue';
import type { NodeStatus } from './record';
import { Scope } from './scope';
import { Streams } from './streams';
import { isWanted } from './wanted';
import type { WorkClass } from './work-class';

/** A node during a run. */
export interface NodeState {
  status: NodeStatus | 'waiting' | 'running';
  /** From the start of the run, once it is so. */
  startMs: number;
  endMs: number;
  /** Position of the node whose end made this one ready; -1 for a root. */
  readyBy: number;
  /** Ends what the node has under way. Made when that is first asked for: most functions are done at once. */
  scope: Scope | undefined;
  /** Made with the first call: most functions make none. */
  calls: ComponentCall[] | undefined;
  /** Of a plan node. */
  planned: PlanRun | undefined;
  /** Whether what needs it has its value, or what stands in for it. */
  hasValue: boolean;
  /** Why it failed or was stopped. */
  error: CallError | undefined;
  /** Position of the node whose join was decided without it, or that was the last to need it; -1 of any other. */
  lostTo: number;
}

/** Why a run was ended before its nodes were. */
export type Cut = 'cancelled' | CallError;

const MIN_LEARNED_MS = 1;

const UNTIMED: NodeTimes = { limitMs: Infinity, patienceMs: Infinity };

/** On which terms a run takes place. */
export interface RunTerms extends Bounds {
  readonly tenant: string | undefined;
  readonly work: WorkClass;
  readonly spending: Spending;
  readonly onEvent: ((event: RunEvent) => void) | undefined;
}

/** The nodes of a run, and when it is over. */
export interface Execution {
  readonly states: readonly NodeState[];
  /** Resolves when every node has settled, or at once, with the reason, when the run is cut short. Never rejects. */
  readonly ended: Promise<Cut | undefined>;
  /** What a node, or the output, sees. */
  readonly valuesFor: (needs: readonly string[]) => Record<string, unknown>;
}

/**
 * Runs the nodes of a graph once. A node starts the moment the last node it needs has ended: there are no layers to
 * wait for. Nodes that become ready together start in the order of their longest remaining path.
 *
 * One closure, not a class: its state is local names, which start cold faster and minify smaller than fields.
 */
export function execute(
  services: CallServices,
  { definition }: Graph,
  plan: Plan,
  input: unknown,
  start: number,
  { deadline, signal, tenant, work, spending, onEvent }: RunTerms,
): Execution {
  const { clock } = services;
  const { nodes, dependents, position, durations, joins } = plan;
  const states = nodes.map(newState);
  const values = new Array<unknown>(nodes.length);
  /** Of each node, how many of its needs have not settled. */
  const missing = plan.needCounts.slice();
  const paths = durations.remainingPaths();
  const isBounded = deadline < Infinity;
  const isTimed = isBounded || definition.timeout !== undefined;
  const ready = new PriorityQueue<number>();
  let unsettled = nodes.length;
  let isStarting = false;
  let isOver = false;
  let finish: (cut?: Cut) => void;
  let timer: Timer;
  let broken: CallError | undefined;
  /** A listener that throws ends the run, though not in the midst of what it was told. */
  const breakOff = (thrown: unknown) => {
    broken ??= toCallError(thrown, 'onEvent');
    void Promise.resolve().then(startReady);
  };
  const tell =
    onEvent &&
    ((event: RunEvent) => {
      try {
        const told: unknown = onEvent(event);
        if (isThenable(told)) told.then(undefined, breakOff);
      } catch (error) {
        breakOff(error);
      }
    });
  const tellText = tell && ((at: number, text: string) => tell({ type: 'text', node: nodes[at]!.id, text }));
  const streams = plan.streams && new Streams(nodes, plan.streams, tellText);
  /** Where nodes stream: those that have ended, any of which may have been the last to need another. */
  const leavers: number[] = [];
  /** Of each node that has started, how long what it reads typically takes; with a deadline only. */
  const readingMs: number[] = [];

  /** A node that ends at once makes others ready: a loop, so that a long chain needs no deep stack. */
  const startReady = () => {
    if (isStarting) return;
    isStarting = true;
    letGo?.();
    while (!isOver && !broken) {
      const at = ready.pop();
      if (at === undefined) break;
      startNode(at);
      letGo?.();
    }
    isStarting = false;
    if (isOver) return;
    if (broken) cutShort(broken, () => undefined);
    else if (unsettled === 0) finish();
  };

  const startNode = (at: number) => {
    const node = nodes[at]!;
    const state = states[at]!;
    // Others that are ready may have decided a join without it.
    if (state.status !== 'waiting') return;
    if (endIfLate()) return;
    state.status = 'running';
    state.startMs = clock.now() - start;
    if (joining || node.kind !== 'compute') setDeadline();
    joining?.started(at);
    try {
      const seen = node.reads ? { ...valuesFor(node.needs), ...streamsFor(at, node.reads) } : valuesFor(node.needs);
      const isWanted = !node.when || node.when(seen);
      if (isOver || (node.when && endIfLate())) return;
      if (!isWanted) {
        settle(at, 'skipped', node.kind === 'map' ? undefined : fallbackOf(node));
        return;
      }
      const { limitMs, patienceMs } = isTimed || node.timeout ? timesOf(at, state.startMs) : UNTIMED;
      if (limitMs < Infinity) {
        setDeadline();
        scopeOf(state).limit(limitMs, `node "${node.id}" did not end within ${Math.round(limitMs)} ms`);
      }
      const patience = start + state.startMs + patienceMs;
      tell?.({ type: 'node.started', node: node.id, startMs: state.startMs });
      if (isOver || broken) return;
      const emit = openStream(at);
      const value = begin(at, patience, seen, emit);
      if (isThenable(value)) follow(at, value);
      else settle(at, 'succeeded', value);
    } catch (error) {
      fail(at, error);
    }
  };

  const scopeOf = (state: NodeState): Scope => {
    state.scope ??= new Scope(clock);
    return state.scope;
  };

  const begin = (at: number, patience: number, seen: Values, emit: Emit | undefined): unknown => {
    const node = nodes[at]!;
    const state = states[at]!;
    if (node.kind === 'compute') return compute(node, seen, () => scopeOf(state), emit);
    const scope = scopeOf(state);
    if (node.kind === 'plan') return beginPlan(node, at, patience, scope, seen);
    return invoke(node, seen, scope, (request, item) => call(at, patience, request, item, emit).answer, emit);
  };

  /** A function does not end by itself when its time is over; what makes calls does. */
  const follow = (at: number, value: PromiseLike<unknown>) => {
    const { scope } = states[at]!;
    const isEnded = nodes[at]!.kind === 'compute' && scope?.isLimited;
    const settled = isEnded ? unlessAborted(value, scope.signal) : Promise.resolve(value);
    settled.then(
      (answer) => settle(at, 'succeeded', answer),
      (error) => fail(at, error),
    );
  };

  const valuesFor = (needs: readonly string[]) => {
    const seen: Record<string, unknown> = { input };
    // By index: this loop is run for every node, mostly as cold code, in which an iterator takes a tenth of the run.
    for (let i = 0; i < needs.length; i++) seen[needs[i]!] = values[position.get(needs[i]!)!];
    return seen;
  };

  const streamsFor = (reader: number, reads: readonly string[]) => {
    const seen: Record<string, unknown> = {};
    for (const read of reads) {
      const at = position.get(read)!;
      seen[read] = streams!.read(at, reader, values[at]);
    }
    return seen;
  };

  /** Starts the nodes that read a node; takes what it passes on, if anybody listens. */
  const openStream = (at: number) => {
    if (!streams?.isHeard(at)) return undefined;
    for (const reader of streams.open(at)) meetNeed(reader, at);
    return (chunk: unknown) => {
      if (states[at]!.status === 'running') streams.push(at, chunk);
    };
  };

  /** A node starts with what it reads, and what is learned of it counts from the end of that. */
  const timeToReadMs = (reads: readonly string[], at: number): number => {
    let longest = 0;
    for (const read of reads) {
      const source = position.get(read)!;
      longest = Math.max(longest, (readingMs[source] ?? 0) + durations.typicalMs(source));
    }
    readingMs[at] = longest;
    return longest;
  };

  const timesOf = (at: number, startMs: number): NodeTimes => {
    const node = nodes[at]!;
    const nodeMs = node.timeout?.nodeMs ?? definition.timeout?.nodeMs ?? Infinity;
    if (!isBounded) return { limitMs: nodeMs, patienceMs: nodeMs };
    const readMs = node.reads ? timeToReadMs(node.reads, at) : 0;
    // A function makes no call that could wait; unless something stands in for it, it may use all the time of the run.
    if (node.kind === 'compute' && !hasFallback(node)) return { limitMs: nodeMs, patienceMs: nodeMs };
    return timesFor(node, {
      nodeMs,
      leftMs: deadline - start - startMs,
      ownMs: readMs + durations.typicalMs(at),
      pathMs: readMs + paths[at]!,
      isLast: dependents[at]!.length === 0,
    });
  };

  const call = (at: number, callDeadline: number, request: () => unknown, item?: number, passOn?: Emit) => {
    const node = nodes[at] as Exclude<NodeDefinition, { kind: 'compute' }>;
    const state = states[at]!;
    const made = callComponent(
      services,
      {
        ...termsOf(at, callDeadline),
        at: item === undefined ? node.id : `${node.id}[${item}]`,
        component: node.call,
        spending,
        scope: scopeOf(state).part(),
        ...(node.kind === 'call' && { passOn }),
      },
      request,
    );
    state.calls ??= [];
    state.calls.push(made);
    return made;
  };

  /** What all calls of a node have in common. */
  const termsOf = (at: number, callDeadline: number) => {
    const node = nodes[at]!;
    return {
      node,
      tenant,
      work,
      timeout: { ...definition.timeout, ...node.timeout },
      retry: { ...definition.retry, ...node.retry },
      priority: paths[at]!,
      deadline: callDeadline,
      runStart: start,
      endIfLate,
      ...(tell && {
        onCold: ({ name }: Component) => tell({ type: 'node.waiting', node: node.id, component: name }),
      }),
    };
  };

  const beginPlan = (node: PlanNode, at: number, callDeadline: number, scope: Scope, seen: Values) => {
    const state = states[at]!;
    state.planned = services.planning!.begin({
      node,
      values: seen,
      scope,
      spending,
      now: () => clock.now() - start,
      call: ({ input: request, ...site }) => {
        const made = callComponent(services, { ...termsOf(at, callDeadline), ...site }, request);
        if (site.at !== node.id) return made;
        state.calls ??= [];
        state.calls.push(made);
        return made;
      },
    });
    return state.planned.value;
  };

  const settle = (at: number, status: 'succeeded' | 'skipped', value: unknown) => {
    const state = states[at]!;
    if (isOver || state.status !== 'running') return;
    if (status === 'succeeded') streams?.end(at);
    else streams?.standIn(at, value, undefined);
    end(at, status);
    // A branch that is seldom taken seldom takes time.
    if (status === 'skipped') durations.add(at, 0);
    else if (state.endMs - state.startMs >= MIN_LEARNED_MS) learn(at, state);
    pass(at, value);
    startReady();
  };

  /** Not from cold starts, which say nothing about how long a node takes, nor from what is too short to be worth ordering. */
  const learn = (at: number, { startMs, endMs, calls }: NodeState) => {
    const coldMs = calls?.reduce((longest, made) => Math.max(longest, made.record().coldMs), 0) ?? 0;
    // Of a node that reads others only what it takes after them adds to a path.
    const reads = nodes[at]!.reads ?? [];
    const fromMs = reads.reduce((latest, read) => Math.max(latest, states[position.get(read)!]!.endMs), startMs);
    if (endMs - fromMs - coldMs >= MIN_LEARNED_MS) durations.add(at, endMs - fromMs - coldMs);
  };

  const fail = (at: number, thrown: unknown) => {
    const { id } = nodes[at]!;
    const state = states[at]!;
    if (isOver || state.status !== 'running') return;
    end(at, 'failed');
    state.error = toCallError(thrown, id);
    scopeOf(state).abort(new CallError('failed', `node "${id}" failed`));
    spread(at);
    startReady();
  };

  const end = (at: number, status: NodeStatus) => {
    const state = states[at]!;
    state.endMs = clock.now() - start;
    if (state.status === 'waiting') state.startMs = state.endMs;
    state.status = status;
    streams?.leave(at);
    if (streams) leavers.push(at);
    tell?.({ type: 'node.finished', node: nodes[at]!.id, status, startMs: state.startMs, endMs: state.endMs });
    state.scope?.limit();
    state.planned?.end();
    if (state.calls) for (const made of state.calls) made.record(state.error);
  };

  /** Ends a node, running or not, that another has gone on without. */
  const lose = (at: number, to: number, reason: CallError) => {
    const state = states[at]!;
    end(at, 'lost');
    state.lostTo = to;
    unsettled--;
    streams?.fail(at, reason);
    scopeOf(state).abort(reason);
  };

  /** Ends what is read once nothing needs it any more, and then what only that needed: a loop, for a long chain. */
  const letGo =
    streams &&
    (() => {
      for (let by = leavers.pop(); by !== undefined && !isOver; by = leavers.pop()) {
        const { id, needs } = nodes[by]!;
        for (const need of needs) {
          const at = position.get(need)!;
          if (states[at]!.status !== 'running' || !streams.isRead(at)) continue;
          if (isWanted(plan, states, at, isDecided)) continue;
          lose(at, by, new CallError('failed', `node "${id}", which was the last to need this node, has ended`));
        }
      }
    });

  const isDecided = (join: number) => joining?.isDecided(join) === true;

  /** Hands a value to the nodes that need it. */
  const pass = (at: number, value: unknown) => {
    values[at] = value;
    states[at]!.hasValue = true;
    unsettled--;
    for (const dependent of dependents[at]!) {
      if (streams?.isOpen(at, dependent)) continue;
      if (joining?.has(dependent)) {
        if (joining.isStoppedBy(at, dependent)) spread(dependent);
        continue;
      }
      meetNeed(dependent, at);
    }
  };

  /** Counts one of a node's needs as met; with the last one it is ready. */
  const meetNeed = (at: number, by: number) => {
    const left = missing[at]! - 1;
    missing[at] = left;
    if (left === 0 && states[at]!.status === 'waiting') makeReady(at, by);
  };

  const makeReady = (at: number, by: number) => {
    states[at]!.readyBy = by;
    ready.push(at, paths[at]!);
  };

  /** Passes the default of a failed node on if it may fail; else stops what needs it, and what needs that. */
  const spread = (failed: number) => {
    const unspread = [failed];
    for (let at = unspread.pop(); at !== undefined; at = unspread.pop()) {
      const node = nodes[at]!;
      const error = states[at]!.error!;
      if (standsIn(node)) {
        const value = fallbackOf(node);
        streams?.standIn(at, value, error);
        pass(at, value);
        continue;
      }
      unsettled--;
      streams?.fail(at, error);
      for (const dependent of dependents[at]!) {
        if (joining?.has(dependent)) {
          if (joining.isStoppedBy(at, dependent)) unspread.push(dependent);
          continue;
        }
        if (states[dependent]!.status !== 'waiting') continue;
        stop(dependent, at, error);
        unspread.push(dependent);
      }
    }
  };

  /** Ends a node that has not started. */
  const stop = (at: number, by: number, error: CallError) => {
    const state = states[at]!;
    end(at, 'stopped');
    state.readyBy = by;
    state.error = error;
    joining?.stopped(at);
  };

  const joining =
    joins &&
    new Joins(joins, {
      plan,
      states,
      values,
      clock,
      makeReady,
      stop,
      lose,
      goOn: startReady,
    });

  const cancel = () => cutShort('cancelled', () => undefined);

  /** Functions that keep the process busy keep the timer from going off. */
  const endIfLate = (): boolean => {
    if (isBounded && !isOver && clock.now() >= deadline) expire();
    return isOver;
  };

  /**
   * Before any other timer, so that of two that go off at one moment this is the first. Not before one is needed: a run of
   * functions that are done at once would spend a quarter of its time on it.
   */
  const setDeadline = () => {
    if (isBounded) timer ??= clock.setTimer(expire, Math.max(0, deadline - clock.now()));
  };

  /** At the deadline. Of the nodes that still ran, the one with the longest path behind it gives the reason. */
  const expire = () => {
    const limitMs = Math.round(deadline - start);
    const running = states.flatMap(({ status }, at) => (status === 'running' ? [at] : []));
    const culprit = running.reduce((worst, at) => (worst < 0 || paths[at]! > paths[worst]! ? at : worst), -1);
    const lateness = (at: number) => {
      const { calls, planned } = states[at]!;
      const isCold = calls?.some((made) => made.isCold()) || planned?.isCold();
      const fault = isCold ? 'still waited for a component to become ready' : 'had not ended';
      return new CallError(isCold ? 'not-ready' : 'timed-out', `${fault} when the ${limitMs} ms of the run were over`, {
        at: nodes[at]!.id,
      });
    };
    const reason =
      culprit < 0 ? new CallError('timed-out', `the run did not end within ${limitMs} ms`) : lateness(culprit);
    cutShort(reason, (at) => (at === culprit ? reason : lateness(at)));
  };

  const cutShort = (cut: Cut, errorOf: (at: number) => CallError | undefined) => {
    const running = states.filter(({ status }) => status === 'running');
    states.forEach((state, at) => {
      if (state.status === 'running') {
        state.error = errorOf(at);
        end(at, state.error ? 'failed' : 'cancelled');
      } else if (state.status === 'waiting') {
        end(at, 'cancelled');
      }
    });
    finish(cut);
    for (const state of running) scopeOf(state).abort(cut);
  };

  const ended = new Promise<Cut | undefined>((resolve) => {
    finish = (cut) => {
      isOver = true;
      signal?.removeEventListener('abort', cancel);
      if (timer !== undefined) clock.clearTimer(timer);
      joining?.close();
      streams?.close();
      resolve(cut);
    };

    // Reading the input may have taken a part of the time.
    if (signal?.aborted) return cancel();
    if (endIfLate()) return;
    signal?.addEventListener('abort', cancel, { once: true });
    for (const root of plan.roots) ready.push(root, paths[root]!);
    startReady();
    if (!isOver) setDeadline();
  });

  return { states, ended, valuesFor };
}

function newState(): NodeState {
  return {
    status: 'waiting',
    startMs: 0,
    endMs: 0,
    readyBy: -1,
    scope: undefined,
    calls: undefined,
    planned: undefined,
    hasValue: false,
    error: undefined,
    lostTo: -1,
  };
}
