import type { ComponentStatus, WarmState, WarmUp } from './policy';
import { countWarm, isSwitchedOff, LOWEST_AHEAD, NO_PRECISION, type Precision } from './precision';

/** For whom copies are started, and what pays for them: a run, or whoever may come. */
export type Purse = 'run' | 'ahead';

/** What was started and nobody has called yet, and how much of what was started before was called. */
export class WarmUps {
  readonly #nowMs: number;
  readonly #open: Map<string, WarmUp>;
  readonly #precisions: Record<Purse, Precision>;
  /** Components of which this decision has started copies. */
  readonly #begun: Record<Purse, string[]> = { run: [], ahead: [] };

  constructor({ warmUps = {}, precision, aheadPrecision = NO_PRECISION }: WarmState, nowMs: number) {
    this.#nowMs = nowMs;
    this.#open = new Map(Object.entries(warmUps));
    this.#precisions = { run: precision, ahead: aheadPrecision };
  }

  get state(): Pick<WarmState, 'warmUps' | 'precision' | 'aheadPrecision'> {
    const { run, ahead } = this.#precisions;
    return { warmUps: Object.fromEntries(this.#open), precision: run, aheadPrecision: ahead };
  }

  /** Undefined once it is called, or gone. */
  get(name: string): WarmUp | undefined {
    return this.#open.get(name);
  }

  /** Why nothing may be started, if too little was called of what was. */
  obstacleTo(purse: Purse): string | undefined {
    const precision = this.#precisions[purse];
    if (!isSwitchedOff(precision, this.#nowMs)) return undefined;
    const { used, wasted } = precision;
    const what = purse === 'ahead' ? 'warming ahead of runs' : 'warming';
    return `${what} is off: ${used.toFixed(1)} of the last ${(used + wasted).toFixed(1)} warm-ups were called`;
  }

  /** Copies that come to some which nobody has called yet are one warm-up with them. */
  begin(name: string, copies: number, tailUsd: number, purse: Purse): void {
    const before = this.#open.get(name);
    if (before) {
      const all = { copies: (before.copies ?? 1) + copies, tailUsd: before.tailUsd + tailUsd };
      this.#open.set(name, { ...before, ...all });
      return;
    }
    const begun = this.#begun[purse];
    begun.push(name);
    const isAhead = purse === 'ahead' && { isAhead: true };
    this.#open.set(name, { sinceMs: this.#nowMs, share: 1, copies, tailUsd, ...isAhead });
    for (const each of begun) this.#open.set(each, { ...this.#open.get(each)!, share: 1 / begun.length });
  }

  /** Counts those of which it is known now whether they were of use. @returns those that were */
  settle(components: Readonly<Record<string, ComponentStatus>>, isHeld: (name: string) => boolean): readonly WarmUp[] {
    const called: WarmUp[] = [];
    for (const [name, warmUp] of this.#open) {
      const use = useOf(warmUp, components[name], isHeld(name), this.#nowMs);
      if (!use) continue;
      if (use === 'called') called.push(warmUp);
      this.#count(warmUp, use === 'called');
      this.#open.delete(name);
    }
    return called;
  }

  #count({ isAhead, share }: WarmUp, wasUsed: boolean): void {
    const purse = isAhead ? 'ahead' : 'run';
    const lowest = isAhead ? LOWEST_AHEAD : undefined;
    this.#precisions[purse] = countWarm(this.#precisions[purse], wasUsed, this.#nowMs, lowest, share);
  }
}

/** Called once its copies served, or gone without a call; undefined while it may be either. */
function useOf(
  { sinceMs }: WarmUp,
  status: ComponentStatus | undefined,
  isHeld: boolean,
  nowMs: number,
): 'called' | 'wasted' | undefined {
  const { copies = 0, startingReadyAtMs = [], callsInFlight = 0, lastCallMs = 0 } = status ?? {};
  if (copies > 0 && (callsInFlight > 0 ? nowMs : lastCallMs) > sinceMs) return 'called';
  return isHeld || copies > 0 || startingReadyAtMs.length > 0 ? undefined : 'wasted';
}
