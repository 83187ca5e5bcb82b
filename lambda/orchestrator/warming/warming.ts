import { randomUUID } from 'node:crypto';
import type { RuntimeWarming } from '../../../core/api/config-variable';
import type { Graph } from '../../../core/graph/graph';
import type { Clock, Timer } from '../../../core/run/call';
import type { RunRecord } from '../../../core/run/record';
import { expectedReadyAtMs, isKnownWarm, type OpenRun } from '../../../core/warm';
import type { WarmingReport } from '../../telemetry/report';
import type { Board } from '../../warm-board/board';
import { leaseId } from '../../warm-board/documents';
import { BoardView, KEPT_MS } from './board-view';
import { Lessons } from './lessons';
import { savedMs } from './saved-time';
import type { TellWarmer } from './tell-warmer';

/** One of all processes tells the warmer in so long; if it ends before it has, another does after that. */
const LEASE_MS = 10_000;

/** Between two messages with what runs teach. */
const LESSONS_MS = 60_000;

/** Open runs that a message names, the newest. */
const MAX_RUNS = 32;

export interface WarmingServices {
  readonly board: Board;
  readonly tell: TellWarmer;
  /** Milliseconds since 1970. */
  readonly nowMs: () => number;
  readonly clock: Clock;
}

/** A run that is under way. */
interface WarmedRun extends OpenRun {
  readonly agent: Graph;
  /** What cold components are expected to need, by component name; as far as was found out. */
  readonly coldStartsMs: Map<string, number>;
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
  /** By agent: when it was last asked for, and for how many open runs. */
  readonly #asked = new Map<string, { readonly atMs: number; readonly runs: number }>();
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
      coldStartsMs: new Map(),
    };
    this.#open.set(id, run);
    this.#unlessFailed(() => this.#guide(run));
    this.#unlessFailed(() => this.#teach());
  }

  /** A run has ended. */
  end(id: string, record: RunRecord): WarmingReport {
    const run = this.#open.get(id);
    if (run) this.#lessons.add(run.agent, record, run.sinceMs, this.#keys);
    const report = {
      requests: this.#requests,
      failures: this.#failures,
      savedMs: run ? savedMs(run.agent, record, run.coldStartsMs) : 0,
    };
    this.#requests = 0;
    this.#failures = 0;
    return report;
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

  async #guide(run: WarmedRun): Promise<void> {
    const { nowMs } = this.#services;
    await this.#view.refresh(nowMs());
    const { records } = this.#view;
    if (!records) return;
    const cold = this.#componentsOf(run.agent).filter(({ key }) => !isKnownWarm(records.get(key), nowMs()));
    for (const { name, key } of cold) run.coldStartsMs.set(name, records.get(key)?.coldStartMs ?? 0);
    const isJoined = cold.every(({ key }) => (expectedReadyAtMs(records.get(key), nowMs()) ?? 0) > nowMs());
    if (cold.length === 0) return;
    this.#watchBoard();
    if (this.#isNewQuestion(run.agent, isJoined)) await this.#ask(run.agent);
  }

  /** While runs wait for a start: it may become known when it ends. */
  #watchBoard(): void {
    const { clock, nowMs } = this.#services;
    this.#watch ??= clock.setTimer(() => {
      this.#watch = undefined;
      if (this.#coldRuns().length === 0) return;
      this.#unlessFailed(async () => this.#view.refresh(nowMs()));
      this.#watchBoard();
    }, KEPT_MS);
  }

  #coldRuns(): WarmedRun[] {
    return [...this.#open.values()].filter(({ coldStartsMs }) => coldStartsMs.size > 0);
  }

  /** Whether nobody has started what is cold, or twice as many runs want it as when this process last asked. */
  #isNewQuestion({ name }: Graph, isJoined: boolean): boolean {
    const asked = this.#asked.get(name);
    if (asked && this.#services.nowMs() - asked.atMs < LEASE_MS) return false;
    return !isJoined || this.#runsOf(name).length >= 2 * (asked?.runs ?? 1);
  }

  async #ask({ name }: Graph): Promise<void> {
    const { board, tell, nowMs } = this.#services;
    const atMs = nowMs();
    const runs = this.#runsOf(name);
    // It may have ended while the board was read.
    if (runs.length === 0) return;
    this.#asked.set(name, { atMs, runs: runs.length });
    const lease = leaseId(name);
    if (!(await board.lease(lease, this.#owner, atMs, atMs + LEASE_MS))) return;
    try {
      await tell({ type: 'entry', agent: name, requests: runs.slice(-MAX_RUNS).map(requestOf) });
      this.#requests++;
    } catch (error) {
      await board.free(lease, this.#owner);
      throw error;
    }
  }

  /** Along with a run, because a function stands still between its runs. */
  async #teach(): Promise<void> {
    const nowMs = this.#services.nowMs();
    const isDue = this.#lessons.isUrgent || nowMs - this.#taughtAtMs >= LESSONS_MS;
    if (this.#lessons.isEmpty || !isDue) return;
    this.#taughtAtMs = nowMs;
    await this.#services.tell(this.#lessons.take());
  }

  #unlessFailed(work: () => Promise<void>): void {
    work().catch(() => {
      this.#failures++;
    });
  }

  #runsOf(agent: string): WarmedRun[] {
    return [...this.#open.values()].filter(({ graph }) => graph === agent);
  }

  #componentsOf(agent: Graph): { readonly name: string; readonly key: string }[] {
    return agent
      .components()
      .flatMap(({ name }) => (Object.hasOwn(this.#keys, name) ? [{ name, key: this.#keys[name]! }] : []));
  }
}

/** Runs without a deadline do not last for ever; this is the longest that a function lives. */
const MAX_DEADLINE_MS = 900_000;

function requestOf({ id, graph, nodes, sinceMs, deadlineAtMs }: WarmedRun): OpenRun {
  return { id, graph, nodes, sinceMs, deadlineAtMs };
}
