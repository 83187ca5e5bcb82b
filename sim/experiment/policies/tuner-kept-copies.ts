import {
  decideKeptCopies,
  type KeepConfig,
  type KeptCopy,
  keptCopy,
  NO_KEPT_COPIES,
} from '../../../core/scale/keep/kept-copies';
import { MINUTE_MS } from '../../../core/time-units';
import type { AgentRun } from '../../agent/agent-run';

/** What became of the runs of a minute. */
class Minute {
  runs = 0;
  late = 0;
  cold = 0;
  readonly coldMs: Record<string, number> = {};
}

/** Learns from whole runs which components that may be at zero copies keep one. */
export class KeptCopies {
  #state = NO_KEPT_COPIES;
  #open = new Minute();
  /** The minute that has just ended is not out yet. */
  #unpublished = new Minute();

  constructor(private readonly objectiveMs: number) {}

  callWaited(component: string, coldUs: number): void {
    const { coldMs } = this.#open;
    coldMs[component] = (coldMs[component] ?? 0) + coldUs / 1000;
  }

  /** @param latencyUs Infinity of a run that failed */
  runEnded({ depth }: AgentRun, latencyUs: number): void {
    this.#open.runs++;
    if (latencyUs > this.objectiveMs * 1000) this.#open.late++;
    if (depth > 0) this.#open.cold++;
  }

  /** @returns whether another component keeps its copy than before, or one fewer */
  endMinute(nowMs: number, pricesPerHourUsd: KeepConfig['pricesPerHourUsd']): boolean {
    const { runs, late, cold, coldMs } = this.#unpublished;
    const published = { runs, late, cold, coldMs, measuredAtMs: nowMs - MINUTE_MS };
    this.#unpublished = this.#open;
    this.#open = new Minute();
    const config: KeepConfig = { mode: 'act', objectiveMs: this.objectiveMs, pricesPerHourUsd };
    const { state, actions } = decideKeptCopies(this.#state, published, config, nowMs);
    this.#state = state;
    return actions.length > 0;
  }

  of(component: string): KeptCopy | undefined {
    return keptCopy(this.#state, component);
  }
}
