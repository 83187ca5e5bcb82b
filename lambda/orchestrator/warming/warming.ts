import { randomUUID } from 'node:crypto';
import type { RuntimeWarming } from '../../../core/api/config-variable';
import type { Graph } from '../../../core/graph/graph';
import type { Clock, Timer } from '../../../core/run/call';
import type { RunRecord } from '../../../core/run/record';
import {
  ASKING_PAUSE_MS,
  type ComponentRecord,
  expectedReadyAtMs,
  isDeclined,
  isKnownWarm,
  isTimeToAsk,
  MAX_TOLD_RUNS,
  type OpenRun,
} from '../../../core/warm';
import type { WarmingReport } from '../../telemetry/report';
import type { Board } from '../../warm-board/board';
import { leaseId } from '../../warm-board/documents';
import { BoardView, KEPT_MS } from './board-view';
import { Lessons } from './lessons';
import { type FoundCold, savedMs } from './saved-time';
import type { TellWarmer } from './tell-warmer';

/**
 * Processes that may ask the warmer in the time in which each does once. Each draws which of as many leases it tries to take: of a few nearly all tell,
 * and of a burst in as many processes so many as a decision looks at.
 */
const LEASES = 32;

/** Between two messages with what runs teach. */
const LESSONS_MS = 60_000;

export interface WarmingServices {
  readonly board: Board;
  readonly tell: TellWarmer;
  /** Milliseconds since 1970. */
  readonly nowMs: () => number;
  readonly clock: Clock;
}

/** A run that is under way. */
interface WarmedRun extends Omit<OpenRun, 'refusedBy'> {
  readonly agent: Graph;
  /** By component name; as far as was found out. */
  readonly cold: Map<string, FoundCold>;
  /** Keys of what has refused a call of it. */
  readonly refusedBy: Set<string>;
  /** Whether a message has named it. */
  isTold: boolean;
}

/**
 * Has the warmer start what a run may need, beside the run: nothing waits for it, and whatever fails is counted and
 * forgotten.
 */
export class Warming {
  readonly #keys: Readonly<Record<string, string>>;
  readonly #services: WarmingServices;
  readonly #view: BoardView;
  readonly #lessons: Lessons;
  readonly #owner = randomUUID();
  readonly #open = new Map<string, WarmedRun>();
  /** By key: when a call last found no copy. */
  readonly #refusedAtMs = new Map<string, number>();
  /** By agent: when it was last asked for. */
  readonly #askedAtMs = new Map<string, number>();
  #watch: Timer;
  #taughtAtMs: number;
  #requests = 0;
  #failures = 0;

  constructor({ components }: RuntimeWarming, services: WarmingServices) {
    this.#keys = components;
    this.#services = services;
    this.#view = new BoardView(services.board, [...new Set(Object.values(components))]);
    this.#taughtAtMs = services.nowMs();
    this.#lessons = new Lessons(this.#taughtAtMs);
  }

  /** A run begins. */
  begin(agent: Graph, id: string, deadlineMs: number): void {
    const sinceMs = this.#services.nowMs();
    const run: WarmedRun = {
      id,
      graph: agent.name,
      nodes: {},
      sinceMs,
      deadlineAtMs: sinceMs + Math.min(deadlineMs, MAX_DEADLINE_MS),
      agent,
      cold: new Map(),
      refusedBy: new Set(),
      isTold: false,
    };
    this.#open.set(id, run);
    // Not before what the run calls first is on its way: a read takes half a millisecond of the processor to ask for.
    setImmediate(() => void this.#unlessFailed(() => this.#guide([agent])));
  }

  /**
   * A component has refused a call because no copy serves: the surest sign that it is cold, whatever was seen of it before.
   * The warmer looks for itself what else is.
   */
  refused(component: string): void {
    if (!Object.hasOwn(this.#keys, component)) return;
    const key = this.#keys[component]!;
    const nowMs = this.#services.nowMs();
    this.#refusedAtMs.set(key, nowMs);
    const callers = [...this.#open.values()].filter(({ agent }) =>
      agent.components().some(({ name }) => name === component),
    );
    const isNews = callers.every(({ refusedBy }) => !refusedBy.has(key));
    // Which of them called is not told; the oldest has got furthest.
    if (isNews) callers[0]?.refusedBy.add(key);
    const record = this.#view.records?.get(key);
    const surprised = callers.filter(
      ({ agent, cold }) => !cold.has(component) || (isNews && isDeclined(record, agent.name, nowMs)),
    );
    const agents = new Set(surprised.map(({ agent }) => agent));
    // What the warmer was told before did not say this.
    for (const { name } of agents) this.#askedAtMs.delete(name);
    if (agents.size > 0) void this.#unlessFailed(() => this.#guide([...agents]));
  }

  /** A run has ended; `teach` may then have something to tell. */
  end(id: string, record: RunRecord): WarmingReport {
    const run = this.#open.get(id);
    if (run) this.#lessons.add(run.agent, record, run.sinceMs, this.#keys);
    if (run?.isTold) this.#lessons.end(id, this.#maybeStarted(run));
    const report = {
      requests: this.#requests,
      failures: this.#failures,
      savedMs: run ? savedMs(run.agent, record, run.cold) : 0,
    };
    this.#requests = 0;
    this.#failures = 0;
    return report;
  }

  /**
   * Tells the warmer what runs have taught, if that is urgent or due. To be waited for before a run is answered: a function
   * stands still after that. It takes as long as Lambda does to take a message, and never rejects.
   */
  async teach(): Promise<void> {
    const nowMs = this.#services.nowMs();
    const isDue = this.#lessons.isUrgent || nowMs - this.#taughtAtMs >= LESSONS_MS;
    if (this.#lessons.isEmpty || !isDue) return;
    this.#taughtAtMs = nowMs;
    await this.#unlessFailed(() => this.#services.tell(this.#lessons.take()));
  }

  /** After `end`, or for a run that has no record. */
  forget(id: string): void {
    this.#open.delete(id);
    if (this.#watch === undefined || this.#coldRuns().length > 0) return;
    this.#services.clock.clearTimer(this.#watch);
    this.#watch = undefined;
  }

  /** In how long what an agent may call is expected to serve, as far as it is known to start; undefined if nothing does. */
  readyInMs(agent: Graph): number | undefined {
    const nowMs = this.#services.nowMs();
    const readyAtMs = this.#componentsOf(agent).flatMap(
      ({ key }) => expectedReadyAtMs(this.#view.records?.get(key), nowMs) ?? [],
    );
    return readyAtMs.length === 0 ? undefined : Math.max(0, Math.max(...readyAtMs) - nowMs);
  }

  /** Finds out what the runs of some agents wait for, and asks for what nobody has started. */
  async #guide(agents: readonly Graph[]): Promise<void> {
    const { nowMs } = this.#services;
    await this.#view.refresh(nowMs());
    for (const agent of agents) this.#noteCold(agent, nowMs());
    if (this.#coldRuns().length > 0) this.#watchBoard();
    for (const agent of agents) await this.#askIfNew(agent);
  }

  #noteCold(agent: Graph, nowMs: number): void {
    const cold = this.#coldOf(agent, nowMs);
    for (const run of this.#runsOf(agent.name)) {
      for (const { name, record } of cold) {
        if (run.cold.has(name)) continue;
        run.cold.set(name, { atMs: nowMs - run.sinceMs, coldStartMs: record?.coldStartMs ?? 0 });
      }
    }
  }

  /** While runs wait for a start: it may become known when it ends, or that nobody has begun it. */
  #watchBoard(): void {
    this.#watch ??= this.#services.clock.setTimer(() => {
      this.#watch = undefined;
      const agents = new Set(this.#coldRuns().map(({ agent }) => agent));
      if (agents.size === 0) return;
      void this.#unlessFailed(() => this.#guide([...agents]));
      this.#watchBoard();
    }, KEPT_MS);
  }

  #coldRuns(): WarmedRun[] {
    return [...this.#open.values()].filter(({ cold }) => cold.size > 0);
  }

  async #askIfNew(agent: Graph): Promise<void> {
    const nowMs = this.#services.nowMs();
    const runs = this.#runsOf(agent.name);
    // The runs may have ended while the board was read.
    const situation = {
      openRuns: runs.length,
      toldRuns: runs.filter(({ isTold }) => isTold).length,
      askedAtMs: this.#askedAtMs.get(agent.name),
      coldReadyAtMs: this.#coldOf(agent, nowMs).map(({ record }) => expectedReadyAtMs(record, nowMs)),
    };
    if (!isTimeToAsk(situation, nowMs)) return;
    this.#askedAtMs.set(agent.name, nowMs);
    await this.#ask(agent.name, runs.slice(-MAX_TOLD_RUNS), nowMs);
  }

  async #ask(agent: string, runs: readonly WarmedRun[], atMs: number): Promise<void> {
    const { board, tell } = this.#services;
    const lease = leaseId(agent, Math.floor(Math.random() * LEASES));
    if (!(await board.lease(lease, this.#owner, atMs, atMs + ASKING_PAUSE_MS))) return;
    for (const run of runs) run.isTold = true;
    try {
      await tell({ type: 'entry', agent, requests: runs.map(requestOf) });
      this.#requests++;
    } catch (error) {
      await board.free(lease, this.#owner);
      throw error;
    }
  }

  async #unlessFailed(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch {
      this.#failures++;
    }
  }

  #runsOf(agent: string): WarmedRun[] {
    return [...this.#open.values()].filter(({ graph }) => graph === agent);
  }

  /** Of what an agent may call, what is neither known to be warm nor left cold on purpose; nothing if the board could not be read. */
  #coldOf(agent: Graph, nowMs: number): { readonly name: string; readonly record: ComponentRecord | undefined }[] {
    const { records } = this.#view;
    if (!records) return [];
    return this.#componentsOf(agent).flatMap(({ name, key }) => {
      const record = records.get(key);
      const refusedAtMs = this.#refusedAtMs.get(key);
      const isSettled = isKnownWarm(record, nowMs, refusedAtMs) || isDeclined(record, agent.name, nowMs, refusedAtMs);
      return isSettled ? [] : [{ name, record }];
    });
  }

  /** Whether the warmer may have started something for a run: not if it has declined all that was cold. */
  #maybeStarted({ agent, cold }: WarmedRun): boolean {
    const nowMs = this.#services.nowMs();
    return [...cold.keys()].some((name) => !isDeclined(this.#view.records?.get(this.#keys[name]!), agent.name, nowMs));
  }

  #componentsOf(agent: Graph): { readonly name: string; readonly key: string }[] {
    return agent
      .components()
      .flatMap(({ name }) => (Object.hasOwn(this.#keys, name) ? [{ name, key: this.#keys[name]! }] : []));
  }
}

/** Runs without a deadline do not last for ever; this is the longest that a function lives. */
const MAX_DEADLINE_MS = 900_000;

function requestOf({ id, graph, nodes, sinceMs, deadlineAtMs, refusedBy }: WarmedRun): OpenRun {
  return { id, graph, nodes, sinceMs, deadlineAtMs, ...(refusedBy.size > 0 && { refusedBy: [...refusedBy] }) };
}
