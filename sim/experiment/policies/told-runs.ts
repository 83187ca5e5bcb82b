import { isTimeToAsk, MAX_TOLD_RUNS, type OpenRequest } from '../../../core/warm';
import type { AgentRun } from '../../agent/agent-run';

/**
 * Which open runs the warmer knows of: those that found something cold, as the orchestrator tells. It is told when they
 * began and that they have ended, and not how far they have got.
 */
export class ToldRuns {
  readonly #open = new Set<AgentRun>();
  readonly #told = new Set<AgentRun>();
  /** Those that something was found cold for. */
  readonly #cold = new Set<AgentRun>();
  /** By run: models that have refused a call of it. */
  readonly #refusals = new Map<AgentRun, Set<string>>();
  #askedAtMs: number | undefined;

  constructor(private readonly graph: string) {}

  begin(run: AgentRun): void {
    this.#open.add(run);
  }

  /** Something is cold that all of them may call. @returns whether that is news for one */
  findCold(): boolean {
    const before = this.#cold.size;
    for (const run of this.#open) this.#cold.add(run);
    return this.#cold.size > before;
  }

  /** As the orchestrator does: which of the runs called is not told, and the oldest has got furthest. */
  refused(model: string): void {
    for (const models of this.#refusals.values()) if (models.has(model)) return;
    const [oldest] = this.#open;
    if (oldest) this.#refusals.set(oldest, new Set(this.#refusals.get(oldest)).add(model));
  }

  /** What the warmer was told before did not say what is known now. */
  askAnew(): void {
    this.#askedAtMs = undefined;
  }

  /** @returns whether the warmer knew of it, and has to be told that it has ended */
  end(run: AgentRun): boolean {
    this.#open.delete(run);
    this.#cold.delete(run);
    this.#refusals.delete(run);
    return this.#told.delete(run);
  }

  /** Whether something was found cold for one that is under way: as long as that is so, the board is read again and again. */
  get areWatched(): boolean {
    return this.#cold.size > 0;
  }

  /** Whether the warmer knows of any. */
  get areAny(): boolean {
    return this.#told.size > 0;
  }

  /**
   * Tells the warmer, if it is time to.
   *
   * @param coldReadyAtMs of each model that is not known to be warm: when it is expected to serve, if it is known to start
   * @returns whether it was told
   */
  ask(coldReadyAtMs: readonly (number | undefined)[], nowMs: number): boolean {
    const situation = {
      openRuns: this.#open.size,
      toldRuns: this.#told.size,
      askedAtMs: this.#askedAtMs,
      coldReadyAtMs,
    };
    if (!isTimeToAsk(situation, nowMs)) return false;
    this.#askedAtMs = nowMs;
    for (const run of [...this.#open].slice(-MAX_TOLD_RUNS)) this.#told.add(run);
    return true;
  }

  /** The newest of them: one more of so many hardly changes a decision. */
  requests(): OpenRequest[] {
    return [...this.#told].slice(-MAX_TOLD_RUNS).map((run) => ({
      id: String(run.request),
      graph: this.graph,
      nodes: {},
      sinceMs: run.startedAtUs / 1000,
      refusedBy: [...(this.#refusals.get(run) ?? [])],
    }));
  }
}
