import { capacityFloor } from '../../core/scale';
import {
  type ComponentRecord,
  type ComponentStatus,
  componentColdStart,
  isDeclined,
  type OpenRun,
  quantileMs,
  startPathsOf,
  statusOf,
  WARM_POLICIES,
  type WarmConfig,
  type WarmDecision,
  type WarmDecline,
  type WarmObservation,
  type WarmState,
  warmConfigOf,
} from '../../core/warm';
import type { PolicyDocument } from '../warm-board/documents';
import type { WarmerContext } from './context';
import { faultOf } from './log';
import type { Memory, Snapshot } from './memory';
import { warmerMetrics } from './vitals';

/** Open runs that a decision looks at, the newest: one more of so many hardly changes it. */
const MAX_OPEN_RUNS = 32;

/** For so long after the deadline of a run its calls are remembered; a report of them may come, or may be lost. */
const RUN_MEMORY_MS = 900_000;

/** Ids of ended runs that are remembered, the newest: some kilobytes of a document that every decision reads. */
const MAX_ENDED_RUNS = 128;

/** As many messages as tell of a burst at once come to a decision, some seconds later at most. */
const MAX_DECISION_TRIES = 12;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;

/** What cannot be seen is taken for cold: to raise what is warm does no harm. */
const NEVER_SEEN: ComponentRecord = { observedAtMs: 0, copies: 0, desiredCopies: 0, coldStartMs: 0 };

export interface Decision extends Pick<WarmDecision, 'actions' | 'reasons' | 'wakeAtMs'> {
  /** Settles when it is told what is not started; never rejects. Nothing that is started waits for it. */
  readonly told: Promise<void>;
}

/** Decides as the simulator does, from what the board says; of several that decide at once each sees what the one before did. */
export class Decider {
  readonly #context: WarmerContext;
  readonly #memory: Memory;
  readonly #config: WarmConfig;

  constructor(context: WarmerContext, memory: Memory) {
    this.#context = context;
    this.#memory = memory;
    this.#config = warmConfigOf(context.config);
  }

  /** @returns undefined if others were faster every time: they have decided */
  async decide(newRuns: readonly OpenRun[] = []): Promise<Decision | undefined> {
    const { time, log } = this.#context;
    const decided = await this.#unlessOvertaken((snapshot) => {
      const { policy } = snapshot;
      const nowMs = time.nowMs();
      const ended = new Set(policy.ended?.map(({ id }) => id));
      const runs = knownRuns([...policy.runs, ...newRuns.filter(({ id }) => !ended.has(id))], nowMs);
      const decision = this.#decision(snapshot, runs, nowMs);
      const { state } = decision;
      const changed = [
        ...new Set([...policy.changed, ...Object.keys(policy.state.holds), ...Object.keys(state.holds)]),
      ];
      return { next: { ...policy, state, runs, changed }, result: { decision, snapshot } };
    });
    if (!decided) return undefined;
    const { decision, snapshot } = decided;
    const told = this.#tellDeclines(decision.declines ?? [], newRuns, snapshot);
    const { actions, reasons, wakeAtMs } = decision;
    const WarmUps = actions.filter(({ type }) => type === 'warm').length;
    // Why nothing was done about a run that is waiting is worth as much as what was.
    if (actions.length > 0 || (newRuns.length > 0 && reasons.length > 0)) {
      log('INFO', 'decided', { actions, reasons, ...warmerMetrics({ WarmUps }, time.nowMs()) });
    }
    return { actions, reasons, told, ...(wakeAtMs !== undefined && { wakeAtMs }) };
  }

  /** So that not every run asks again. Whoever writes a record at the same time has seen something newer. */
  async #tellDeclines(
    declines: readonly WarmDecline[],
    newRuns: readonly OpenRun[],
    { record }: Snapshot,
  ): Promise<void> {
    const { time, log } = this.#context;
    const atMs = time.nowMs();
    // A refusal has refuted what stands there.
    const isRefuted = ({ component, graph }: WarmDecline) =>
      newRuns.some((run) => run.graph === graph && run.refusedBy?.includes(component));
    const telling = [...new Set(declines.map(({ component }) => component))].map(async (component) => {
      const known = record(component);
      const news = declines.filter(
        (each) => each.component === component && (isRefuted(each) || !isDeclined(known?.value, each.graph, atMs)),
      );
      if (!known || news.length === 0) return;
      const declined = Object.fromEntries(news.map(({ graph, untilMs }) => [graph, { atMs, untilMs }]));
      try {
        const next = { ...known.value, declined: { ...known.value.declined, ...declined } };
        await this.#memory.writeRecord(component, next, known.revision);
      } catch (error) {
        log('ERROR', 'it is not told that a component is not warmed', { component, ...faultOf(error) });
      }
    });
    await Promise.all(telling);
  }

  /** Runs have ended: nothing is decided for them any more, also if the message on their entry has yet to come. */
  async forget(ids: readonly string[]): Promise<void> {
    const gone = new Set(ids);
    const atMs = this.#context.time.nowMs();
    await this.#unlessOvertaken(({ policy }) => {
      const runs = policy.runs.filter(({ id }) => !gone.has(id));
      const others = (policy.ended ?? []).filter((run) => !gone.has(run.id) && atMs - run.atMs < RUN_MEMORY_MS);
      const ended = [...others, ...ids.map((id) => ({ id, atMs }))].slice(-MAX_ENDED_RUNS);
      return { next: { ...policy, runs, ended }, result: undefined };
    });
  }

  /** Changes what decisions remember; of many that do so at once each sees what the one before did. */
  async #unlessOvertaken<T>(
    change: (snapshot: Snapshot) => { readonly next: PolicyDocument; readonly result: T },
  ): Promise<T | undefined> {
    const { time, log } = this.#context;
    for (let tries = 0; tries < MAX_DECISION_TRIES; tries++) {
      if (tries > 0) await time.pause(backoffMs(tries));
      const snapshot = await this.#memory.load();
      const { next, result } = change(snapshot);
      const isSame = JSON.stringify(next) === JSON.stringify(snapshot.policy);
      if (isSame || (await this.#memory.writePolicy(next, snapshot.policyRevision))) return result;
    }
    log('ERROR', 'no decision: others were faster every time', { tries: MAX_DECISION_TRIES });
    return undefined;
  }

  #decision(snapshot: Snapshot, runs: readonly OpenRun[], nowMs: number): WarmDecision {
    const { state } = snapshot.policy;
    const { isEnabled, config } = this.#context;
    if (!isEnabled) return switchedOff(state);
    return WARM_POLICIES[config.policy](
      known(state, this.#config),
      this.#observe(snapshot, runs, nowMs),
      this.#config,
      nowMs,
    );
  }

  #observe(snapshot: Snapshot, runs: readonly OpenRun[], nowMs: number): WarmObservation {
    const { backends } = this.#context.config;
    const components = Object.entries(backends).map(([key, backend]): [string, ComponentStatus] => {
      const record = snapshot.record(key)?.value ?? NEVER_SEEN;
      const lastCallMs = this.#lastCallMs(key, snapshot, runs, nowMs);
      return [key, statusOf(key, record, startPathsOf(backend), snapshot.knowledge, lastCallMs, nowMs)];
    });
    return {
      requests: runs.filter(({ deadlineAtMs }) => deadlineAtMs > nowMs),
      components: Object.fromEntries(components),
      floorCopies: this.#floors(snapshot, nowMs),
      knowledge: snapshot.knowledge,
    };
  }

  /** As reported; and of runs whose report has not come, the calls that none of their branches decides about. */
  #lastCallMs(key: string, { component }: Snapshot, runs: readonly OpenRun[], nowMs: number): number | undefined {
    const expectedMs = runs
      .filter(({ graph }) =>
        this.#config.graphs[graph]?.nodes.some((node) => node.component === key && !node.conditional),
      )
      .map(({ deadlineAtMs }) => Math.min(deadlineAtMs, nowMs));
    const { lastCallMs = Number.NEGATIVE_INFINITY } = component(key);
    const lastMs = Math.max(lastCallMs, ...expectedMs);
    return Number.isFinite(lastMs) ? lastMs : undefined;
  }

  /** Copies that a forecast asks for; what its autoscaler keeps anyway is no floor. */
  #floors({ component, record, knowledge }: Snapshot, nowMs: number): Record<string, number> {
    const { policy, backends } = this.#context.config;
    if (policy !== 'entryForecast') return {};
    const floors = Object.entries(backends).map(([key, backend]) => {
      const { demand } = component(key);
      const { maxCopies = 1 } = this.#config.components[key]!;
      const ownMinimum = backend.type === 'sagemaker' ? (backend.minCopies ?? 0) : 0;
      const coldStart = componentColdStart(knowledge, key, startPathsOf(backend).afresh, nowMs);
      const { copies } = capacityFloor(
        demand,
        {
          target: record(key)?.value.target?.concurrency ?? backend.concurrencyPerCopy ?? Number.MAX_SAFE_INTEGER,
          readyP90Seconds: quantileMs(coldStart, 0.9) / 1000,
          minCopies: 0,
          maxCopies,
        },
        nowMs,
      );
      return [key, copies > ownMinimum ? copies : 0] as const;
    });
    return Object.fromEntries(floors);
  }
}

/** Drawn at random, so that those who met once do not meet again ("full jitter", AWS Builders' Library). */
function backoffMs(tries: number): number {
  return Math.random() * Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** tries);
}

/** Lets go of everything; what was set aside for it is not given back, so that nobody is tempted to overspend. */
function switchedOff(state: WarmState): WarmDecision {
  const held = Object.keys(state.holds);
  const reason = 'warming is switched off';
  return {
    state: { ...state, holds: {}, warmUps: {} },
    actions: held.map((component) => ({ type: 'release', component, reason })),
    reasons: held.map((component) => `${component}: released: ${reason}`),
  };
}

/** What no deployment knows any more is not held, and nobody can tell whether it was of use. */
function known(state: WarmState, { components }: WarmConfig): WarmState {
  const only = <T>(byKey: Readonly<Record<string, T>> = {}) =>
    Object.fromEntries(Object.entries(byKey).filter(([key]) => Object.hasOwn(components, key)));
  return { ...state, holds: only(state.holds), warmUps: only(state.warmUps) };
}

/** The last word about each run, the newest runs. */
function knownRuns(runs: readonly OpenRun[], nowMs: number): OpenRun[] {
  const byId = new Map(runs.map((run) => [run.id, run]));
  const recent = [...byId.values()].filter(({ deadlineAtMs }) => nowMs - deadlineAtMs < RUN_MEMORY_MS);
  return recent.sort((a, b) => a.sinceMs - b.sinceMs).slice(-MAX_OPEN_RUNS);
}
