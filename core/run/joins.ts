import { standsIn } from '../graph/definition';
import { joinText } from '../graph/join';
import type { Clock, Timer } from './call';
import { CallError } from './errors';
import type { NodeState } from './execution';
import { type PlannedJoin, type Prospect, prospectOf } from './join';
import type { Plan } from './plan';
import { isWanted } from './wanted';

/** The run that joins are a part of. */
export interface JoinHost {
  readonly plan: Plan;
  readonly states: readonly NodeState[];
  readonly values: readonly unknown[];
  readonly clock: Clock;
  readonly makeReady: (at: number, by: number) => void;
  /** Ends a node that has not started. */
  readonly stop: (at: number, by: number, error: CallError) => void;
  /** Ends a node, running or not, that a join was decided without. */
  readonly lose: (at: number, to: number, reason: CallError) => void;
  /** Goes on after the clock has decided a join. */
  readonly goOn: () => void;
}

/** The joins of a run: which are decided, and which branches nothing waits for any more. */
export class Joins {
  readonly #decided = new Set<number>();
  /** Of each join that will be late: what wakes it then. */
  readonly #windows = new Map<number, Timer>();
  readonly #late = new Set<number>();
  /** Branches that a join was decided without and that something else waits for, with the join. */
  readonly #kept = new Map<number, number>();

  constructor(
    private readonly joins: ReadonlyMap<number, PlannedJoin>,
    private readonly host: JoinHost,
  ) {}

  has(at: number): boolean {
    return this.joins.has(at);
  }

  isDecided(at: number): boolean {
    return this.#decided.has(at);
  }

  /** The first branch of a join that starts sets the time after which the join is late. */
  started(branch: number): void {
    const { plan, clock, states, goOn } = this.host;
    for (const at of plan.dependents[branch]!) {
      const late = this.joins.get(at)?.late;
      if (!late || this.#windows.has(at) || this.#late.has(at) || this.#decided.has(at)) continue;
      const wake = () => {
        this.#windows.delete(at);
        this.#late.add(at);
        // It may be lost itself.
        if (states[at]!.status !== 'waiting') return;
        // Going on with less never stops a node.
        this.isStoppedBy(this.#slowestOf(at), at);
        goOn();
      };
      this.#windows.set(at, clock.setTimer(wake, late.afterMs));
    }
  }

  /**
   * Makes a node ready whose join is met by the end of a branch, or stops it if that can never be: then it is true.
   * Branches that nothing waits for any more are ended.
   */
  isStoppedBy(by: number, at: number): boolean {
    const { plan, states, makeReady, stop } = this.host;
    if (states[at]!.status !== 'waiting' || this.#decided.has(at)) return false;
    const prospect = this.#prospectOfJoin(at);
    if (prospect === 'open') return false;

    this.#decided.add(at);
    this.#closeWindow(at);
    if (prospect === 'there') makeReady(at, by);
    else stop(at, by, this.#unmet(at, states[by]!.error));
    for (const need of plan.nodes[at]!.needs) this.#letGo(plan.position.get(need)!, at);
    return prospect === 'gone';
  }

  /** What waited for a kept branch may have been the last that did. */
  stopped(at: number): void {
    const { nodes, position } = this.host.plan;
    if (this.#kept.size === 0) return;
    for (const id of nodes[at]!.needs) {
      const need = position.get(id)!;
      if (this.#kept.has(need)) this.#letGo(need, this.#kept.get(need)!);
    }
  }

  /** The run is over. */
  close(): void {
    for (const at of this.#windows.keys()) this.#closeWindow(at);
  }

  #closeWindow(at: number): void {
    if (this.#windows.has(at)) this.host.clock.clearTimer(this.#windows.get(at));
    this.#windows.delete(at);
  }

  #prospectOfJoin(at: number): Prospect {
    const { plan } = this.host;
    const { rule, late } = this.joins.get(at)!;
    const strict = prospectOf(rule, (need) => this.#prospectOfNode(need));
    if (strict === 'there' || !late) return strict;
    const later = prospectOf(late.rule, (need) => this.#prospectOfNode(need));
    const isOpen = plan.nodes[at]!.needs.some((need) => this.#prospectOfNode(plan.position.get(need)!) === 'open');
    return this.#late.has(at) || later === 'gone' || !isOpen ? later : 'open';
  }

  #prospectOfNode(at: number): Prospect {
    const { states, values, plan } = this.host;
    const { status, hasValue } = states[at]!;
    if (status === 'succeeded' || (hasValue && values[at] !== undefined)) return 'there';
    // A failure spreads step by step: what stands in may still be on its way.
    const isComing = !hasValue && (status === 'failed' || status === 'stopped') && standsIn(plan.nodes[at]!);
    return status === 'waiting' || status === 'running' || isComing ? 'open' : 'gone';
  }

  #unmet(at: number, error: CallError | undefined): CallError {
    const { nodes, position } = this.host.plan;
    const { id, join, needs } = nodes[at]!;
    const gone = needs.filter((need) => this.#prospectOfNode(position.get(need)!) === 'gone').join(', ');
    const { kind = 'failed', cause = error, retryAfterMs } = error ?? {};
    const fault = `the join of "${id}" on ${joinText(join!)} cannot be met any more without ${gone}`;
    return new CallError(kind, fault, { at: id, cause: cause as Error, retryAfterMs });
  }

  /** Ends a branch that nothing waits for any more, and what only it needed: a loop, for a long chain. */
  #letGo(branch: number, to: number): void {
    const { plan, states, lose } = this.host;
    const unwanted = [branch];
    for (let at = unwanted.pop(); at !== undefined; at = unwanted.pop()) {
      const { status } = states[at]!;
      const isUnsettled = status === 'waiting' || status === 'running';
      if (isUnsettled && isWanted(plan, states, at, (join) => this.isDecided(join))) {
        this.#kept.set(at, to);
        continue;
      }
      if (isUnsettled) {
        lose(at, to, new CallError('failed', `the join of "${plan.nodes[to]!.id}" was decided without this node`));
      } else if (status !== 'stopped') continue;
      for (const need of plan.nodes[at]!.needs) unwanted.push(plan.position.get(need)!);
    }
  }

  /** What a node waits for: the first of its needs that has not ended, or what that waits for in turn. */
  #slowestOf(at: number): number {
    const { plan, states } = this.host;
    const needs = plan.nodes[at]!.needs.map((need) => plan.position.get(need)!);
    const open = needs.find((need) => this.#prospectOfNode(need) === 'open')!;
    return states[open]!.status === 'running' ? open : this.#slowestOf(open);
  }
}
