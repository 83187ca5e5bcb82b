import { type Activity, addCall, NO_ACTIVITY } from '../../../core/warm';

/** Between two messages with what runs teach, unless one is urgent. */
const PAUSE_US = 60e6;

/** What the orchestrator tells the warmer of calls: with the end of a run, and not before. */
export class RunLessons {
  #activity = new Map<string, Activity>();
  #toldAtUs = 0;

  /** The calls of a node, `coldUs` of which it waited for a copy. */
  add(model: string, startUs: number, endUs: number, coldUs: number): void {
    const span = { fromMs: startUs / 1000, toMs: endUs / 1000 };
    const servedMs = (endUs - startUs - coldUs) / 1000;
    this.#activity.set(model, addCall(this.#activity.get(model) ?? NO_ACTIVITY, span, servedMs));
  }

  /**
   * A run has ended.
   *
   * @param isUrgent whether it met a cold start, or the warmer goes on warming for it until it is told
   * @returns what the warmer is told, by model; undefined if nothing is now
   */
  tell(isUrgent: boolean, nowUs: number): ReadonlyMap<string, Activity> | undefined {
    if (this.#activity.size === 0 || !(isUrgent || nowUs - this.#toldAtUs >= PAUSE_US)) return undefined;
    const told = this.#activity;
    this.#activity = new Map();
    this.#toldAtUs = nowUs;
    return told;
  }
}
