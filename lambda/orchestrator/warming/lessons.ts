import type { Graph } from '../../../core/graph/graph';
import type { CallRecord, NodeRecord, RunRecord } from '../../../core/run/record';
import { MINUTE_MS } from '../../../core/time-units';
import {
  type Activity,
  addCall,
  type EndedRun,
  NO_ACTIVITY,
  type NodeOutcome,
  type RunsEvent,
} from '../../../core/warm';

/** A message has room for a map of many nodes: Lambda takes 1 MB of an asynchronous one, and 256 KB before 2025. */
const MAX_RUNS = 20;

/** The first of many runs, and then one a minute: estimates forget by the day, so more say nothing new. */
const FIRST_RUNS = 200;

/** What ended runs teach, gathered until it is sent. */
export class Lessons {
  readonly #beganAtMs: number;
  #runs: EndedRun[] = [];
  #activity: Record<string, Activity> = {};
  #ended: string[] = [];
  #taken = 0;
  #isUrgent = false;

  constructor(nowMs: number) {
    this.#beganAtMs = nowMs;
  }

  get isEmpty(): boolean {
    return this.#runs.length === 0 && this.#ended.length === 0 && Object.keys(this.#activity).length === 0;
  }

  /** Whether a run met a cold start, or one has ended that something is warmed for: rare, and worth a message of its own. */
  get isUrgent(): boolean {
    return this.#isUrgent;
  }

  /**
   * A run has ended that the warmer was told of, and takes for open until it is told of that too, or its deadline has passed.
   *
   * @param isWarmedFor whether something may have been started for it
   */
  end(id: string, isWarmedFor: boolean): void {
    this.#ended.push(id);
    if (isWarmedFor) this.#isUrgent = true;
  }

  /** @param keys of the backends of components, by component name */
  add(agent: Graph, record: RunRecord, startedAtMs: number, keys: Readonly<Record<string, string>>): void {
    const endedAtMs = startedAtMs + record.wallMs;
    const called = new Map(
      agent.definition.nodes.flatMap((node) => (node.kind === 'compute' ? [] : [[node.id, node.call.name]])),
    );
    for (const [id, { component = called.get(id), calls }] of Object.entries(record.nodes)) {
      if (component === undefined || !Object.hasOwn(keys, component)) continue;
      for (const call of calls) this.#addCall(keys[component]!, call, startedAtMs);
    }
    if (!this.#takes(endedAtMs)) return;
    // Not the tasks of plans, whose names mean nothing in another run.
    const known = agent.definition.nodes.flatMap(({ id }) =>
      record.nodes[id] ? [[id, record.nodes[id]] as const] : [],
    );
    const outcomes = Object.fromEntries(known.map(([id, node]) => [id, outcomeOf(node)]));
    this.#runs.push({ agent: agent.name, endedAtMs, outcomes });
  }

  /** All of it, as a message; what comes later is for the next. */
  take(): RunsEvent {
    const ended = this.#ended.length > 0 && { ended: this.#ended };
    const event = { type: 'runs' as const, runs: this.#runs, activity: this.#activity, ...ended };
    this.#runs = [];
    this.#ended = [];
    this.#activity = {};
    this.#isUrgent = false;
    return event;
  }

  #addCall(key: string, call: CallRecord, startedAtMs: number): void {
    const { startMs, endMs, waitMs, coldMs, alternative = 0, error } = call;
    // Of several backends the first is the one that is warmed: what another has answered says nothing of it.
    if (alternative > 0) return;
    if (coldMs > 0) this.#isUrgent = true;
    if (error) return;
    const span = { fromMs: startedAtMs + startMs, toMs: startedAtMs + endMs };
    this.#activity[key] = addCall(this.#activity[key] ?? NO_ACTIVITY, span, endMs - startMs - waitMs);
  }

  #takes(nowMs: number): boolean {
    if (this.#runs.length >= MAX_RUNS || this.#taken >= FIRST_RUNS + (nowMs - this.#beganAtMs) / MINUTE_MS)
      return false;
    this.#taken++;
    return true;
  }
}

function outcomeOf({ status, startMs, endMs, calls }: NodeRecord): NodeOutcome {
  const coldMs = calls.reduce((most, call) => Math.max(most, call.coldMs), 0);
  const width = widthOf(calls);
  return { status, durationMs: Math.max(0, endMs - startMs - coldMs), ...(width > 1 && { width }) };
}

/** Most calls that were in flight at once. */
function widthOf(calls: readonly CallRecord[]): number {
  const changes = calls.flatMap(({ startMs, endMs }) => [
    { atMs: startMs, by: 1 },
    { atMs: endMs, by: -1 },
  ]);
  changes.sort((a, b) => a.atMs - b.atMs || a.by - b.by);
  let open = 0;
  let most = 0;
  for (const { by } of changes) {
    open += by;
    most = Math.max(most, open);
  }
  return most;
}
