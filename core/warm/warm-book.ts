import { HOUR_MS } from '../time-units';
import { unusedMs } from './cold-start';
import type {
  Hold,
  WarmAction,
  WarmComponent,
  WarmConfig,
  WarmDecision,
  WarmDecline,
  WarmObservation,
  WarmState,
} from './policy';
import { NO_PRECISION } from './precision';
import type { OpenRequest, RunForecast } from './run-forecast';
import { charge, NO_SPEND, refund, remainingAheadUsd, remainingUsd, type Spend } from './spend';
import { type Purse, WarmUps } from './warm-ups';
import { WarmView } from './warm-view';

export const EMPTY_WARM_STATE: WarmState = { holds: {}, windows: {}, spend: NO_SPEND, precision: NO_PRECISION };

/** A start that is nearly due can wait so long. */
const SOONEST_MS = 1_000;

/**
 * One decision while it is made: what is held, and the safety rules that every action must pass.
 *
 * An action that would break one is not taken, and the reasons say so.
 */
export class WarmBook {
  readonly nowMs: number;
  readonly observation: WarmObservation;
  readonly config: WarmConfig;
  readonly view: WarmView;
  readonly #holds: Map<string, Hold>;
  readonly #warmUps: WarmUps;
  readonly #windows: Map<string, number>;
  /** Of what is held, the components of which some copies are on their way. */
  readonly #starting = new Set<string>();
  #spend: Spend;
  readonly #actions: WarmAction[] = [];
  readonly #reasons: string[] = [];
  readonly #declines: WarmDecline[] = [];
  #forecasts: readonly RunForecast[] | undefined;
  #wakeAtMs = Number.POSITIVE_INFINITY;

  constructor(state: WarmState, observation: WarmObservation, config: WarmConfig, nowMs: number) {
    this.nowMs = nowMs;
    this.observation = observation;
    this.config = config;
    this.view = new WarmView(observation, config, nowMs);
    this.#holds = new Map(Object.entries(state.holds));
    this.#warmUps = new WarmUps(state, nowMs);
    this.#windows = new Map(Object.entries(state.windows).filter(([, window]) => window >= this.#window));
    this.#spend = state.spend;
    this.#dropEnded();
    this.#settle();
  }

  decision(): WarmDecision {
    return {
      state: {
        holds: Object.fromEntries(this.#holds),
        windows: Object.fromEntries(this.#windows),
        spend: this.#spend,
        ...this.#warmUps.state,
      },
      actions: this.#actions,
      reasons: this.#reasons,
      ...(this.#wakeAtMs < Number.POSITIVE_INFINITY && { wakeAtMs: this.#wakeAtMs }),
      ...(this.#declines.length > 0 && { declines: this.#declines }),
    };
  }

  /** Of the open runs. */
  get forecasts(): readonly RunForecast[] {
    this.#forecasts ??= this.observation.requests.flatMap((request) => this.forecast(request) ?? []);
    return this.#forecasts;
  }

  held(): string[] {
    return [...this.#holds.keys()];
  }

  /** So many copies of a component are held; 0 if none are. */
  heldCopies(name: string): number {
    return this.#holds.get(name)?.copies ?? 0;
  }

  /** Copies that serve or are on their way. */
  presentCopies(name: string): number {
    const { copies, startingReadyAtMs } = this.view.component(name)!.status;
    const held = this.#holds.get(name);
    return Math.max(copies + startingReadyAtMs.length, held?.readyAtMs === undefined ? 0 : held.copies);
  }

  /** Notes when a start that is put off becomes due. */
  askAgainAt(atMs: number): void {
    this.#wakeAtMs = Math.min(this.#wakeAtMs, Math.max(atMs, this.nowMs + SOONEST_MS));
  }

  decline(decline: WarmDecline): void {
    this.#declines.push(decline);
  }

  note(reason: string): void {
    this.#reasons.push(reason);
  }

  /** In how long a component serves: below 0 if it does, undefined if it is cold and nothing starts it. */
  readyInMs(name: string): number | undefined {
    const status = this.view.component(name)?.status;
    if (!status) return Number.NEGATIVE_INFINITY;
    if (status.copies > 0) return (status.servesSinceMs ?? Number.NEGATIVE_INFINITY) - this.nowMs;
    const readyAtMs = [...status.startingReadyAtMs, this.#holds.get(name)?.readyAtMs ?? Number.POSITIVE_INFINITY];
    const firstMs = Math.min(...readyAtMs);
    // A start that is overdue may end any moment, but has not.
    return firstMs === Number.POSITIVE_INFINITY ? undefined : Math.max(1, firstMs - this.nowMs);
  }

  forecast(request: OpenRequest): RunForecast | undefined {
    return this.view.forecast(request, (name) => this.readyInMs(name));
  }

  /**
   * Starts copies so that there are `copies`, or as many as the budget allows; false if nothing starts. Of a component
   * that starts already there may be more in the same window: runs that came later want them.
   *
   * @param purse what pays for it: for a run that is there the whole budget, ahead of any what is left for that
   */
  warm(name: string, copies: number, untilMs: number, reason: string, purse: Purse): boolean {
    const { costs, status } = this.view.component(name)!;
    const held = this.#holds.get(name);
    const present = this.presentCopies(name);
    if (copies <= present) return false;
    const started = held?.readyAtMs !== undefined && status.copies === 0 ? held : undefined;
    const obstacle = (started ? undefined : this.#obstacleTo(name)) ?? this.#obstacleToStart(name, purse);
    if (obstacle) return this.#refuse(name, 'not warmed', obstacle);

    const endMs = Math.max(untilMs, held?.untilMs ?? 0);
    const tailUsd = this.#tailUsd(name, costs, endMs);
    const holdUsd = (count: number) =>
      this.#costUsd(costs, count, endMs, held) + (count - present) * (costs.minimumBillUsd ?? 0);
    const costOf = (count: number) => holdUsd(count) + (count - present) * tailUsd;
    let affordable = copies;
    while (affordable > present && costOf(affordable) > this.#leftUsd(purse)) affordable--;
    if (affordable === present) {
      return this.#refuse(name, 'not warmed', this.#tooDear(costOf(present + 1), purse));
    }
    const readyAtMs = this.nowMs + this.view.lateStartMs(name);
    this.#take(name, affordable, endMs, holdUsd(affordable), started ?? { sinceMs: this.nowMs, readyAtMs });
    this.#beginWarmUp(name, affordable - present, tailUsd, purse);
    const key = started ? `${this.#key(name)}/${affordable}` : this.#key(name);
    this.#actions.push({ type: 'warm', component: name, copies: affordable, untilMs: endMs, readyAtMs, key, reason });
    this.note(`${name}: warmed, ${affordable} of ${copies} copies: ${reason}`);
    return true;
  }

  /** Keeps copies that are there, and no more; does nothing if it holds as many for long enough already. */
  keep(name: string, copies: number, untilMs: number, reason: string): void {
    const { costs } = this.view.component(name)!;
    const held = this.#holds.get(name);
    if (held && held.copies >= copies && held.untilMs - this.nowMs >= (untilMs - this.nowMs) / 2) return;
    const endMs = Math.max(untilMs, held?.untilMs ?? 0);
    const usd = this.#costUsd(costs, copies, endMs, held);
    const obstacle = this.#obstacleTo(name) ?? (usd > this.#leftUsd('ahead') ? this.#tooDear(usd, 'ahead') : undefined);
    if (obstacle) {
      this.#refuse(name, 'not held', obstacle);
      return;
    }
    this.#take(name, copies, endMs, usd, held ?? { sinceMs: this.nowMs });
    const key = this.#key(name);
    this.#actions.push({ type: 'hold', component: name, copies, untilMs: endMs, key, reason });
    this.note(`${name}: held: ${reason}`);
  }

  release(name: string, reason: string): void {
    const held = this.#holds.get(name)!;
    const price = this.config.components[name]?.pricePerHourUsd ?? 0;
    const uncalled = this.#uncalledCopies(name, held);
    const unusedMs =
      (held.copies - uncalled) * (held.untilMs - this.nowMs) +
      uncalled * Math.max(0, held.untilMs - this.#idleUntilMs(name, held));
    const unusedUsd = (price * unusedMs) / HOUR_MS;
    this.#spend = refund(this.#spend, Math.min(unusedUsd, held.chargedUsd), held.chargedAtMs, this.nowMs);
    this.#holds.delete(name);
    this.#starting.delete(name);
    this.#settle();
    this.#actions.push({ type: 'release', component: name, reason });
    this.note(`${name}: released: ${reason}`);
  }

  /** How long a component has been without a call; since it was started if it was never called. */
  idleMs(name: string): number | undefined {
    const status = this.observation.components[name];
    if (!status) return undefined;
    if (status.callsInFlight > 0) return 0;
    const sinceMs = status.lastCallMs ?? this.#holds.get(name)?.sinceMs;
    return sinceMs === undefined ? undefined : Math.max(0, this.nowMs - sinceMs);
  }

  /**
   * Whether the call that copies were started for may still come, though its run has ended: one that ended at its deadline
   * was told to come back when they serve.
   */
  isAwaited(name: string): boolean {
    const warmUp = this.#warmUps.get(name);
    const readyAtMs = this.#holds.get(name)?.readyAtMs;
    if (!warmUp || warmUp.isAhead || readyAtMs === undefined) return false;
    return this.nowMs < readyAtMs + this.config.limits.graceMs;
  }

  #dropEnded(): void {
    for (const [name, held] of this.#holds) {
      if (held.untilMs > this.nowMs) this.#hold(name, held);
      else this.#holds.delete(name);
    }
  }

  /** Counts the warm-ups of which it is known now whether they were of use: of what is not held any more either. */
  #settle(): void {
    const called = this.#warmUps.settle(this.observation.components, (name) => this.#holds.has(name));
    for (const { copies = 1, tailUsd, sinceMs } of called) {
      this.#spend = refund(this.#spend, tailUsd / copies, sinceMs, this.nowMs);
    }
  }

  /** @param copyTailUsd of each copy */
  #beginWarmUp(name: string, copies: number, copyTailUsd: number, purse: Purse): void {
    this.#spend = charge(this.#spend, copies * copyTailUsd, this.nowMs);
    this.#warmUps.begin(name, copies, copies * copyTailUsd, purse);
  }

  /** What a copy costs after its hold if nothing calls it. */
  #tailUsd(name: string, { pricePerHourUsd }: WarmComponent, untilMs: number): number {
    const keptMs = untilMs - this.nowMs;
    const paidMs = unusedMs(this.view.coldStart(name), this.view.lateStartMs(name), keptMs);
    return (pricePerHourUsd * (paidMs - keptMs)) / HOUR_MS;
  }

  /** Of copies that were started, those that nothing is known to have called. */
  #uncalledCopies(name: string, { copies, readyAtMs }: Hold): number {
    if (readyAtMs === undefined) return 0;
    return this.#warmUps.get(name) ? copies : copies - 1;
  }

  /** When the alarm takes copies that are let go now, and that nothing has called. */
  #idleUntilMs(name: string, { readyAtMs = this.nowMs }: Hold): number {
    return Math.max(this.nowMs, readyAtMs + this.view.coldStart(name).idlesMs);
  }

  #obstacleTo(name: string): string | undefined {
    const { windowMs } = this.config.limits;
    if (this.#windows.has(name)) return `acted on already in this window of ${windowMs / 1000} s`;
    return undefined;
  }

  #obstacleToStart(name: string, purse: Purse): string | undefined {
    const tooFewCalled = this.#warmUps.obstacleTo(purse);
    if (tooFewCalled) return tooFewCalled;
    const { maxSimultaneousWarms } = this.config.limits;
    const starting = this.#starting.size - (this.#starting.has(name) ? 1 : 0);
    return starting >= maxSimultaneousWarms ? `${starting} components are starting, the most allowed` : undefined;
  }

  #refuse(name: string, verdict: string, obstacle: string): false {
    this.note(`${name}: ${verdict}: ${obstacle}`);
    return false;
  }

  #tooDear(usd: number, purse: Purse): string {
    const left = `${this.#leftUsd(purse).toFixed(4)} USD of the budget left`;
    return `${usd.toFixed(4)} USD needed, ${left}${purse === 'ahead' ? ' for what no run has asked for' : ''}`;
  }

  #leftUsd(purse: Purse): number {
    const left = purse === 'ahead' ? remainingAheadUsd : remainingUsd;
    return left(this.#spend, this.config.limits, this.nowMs);
  }

  /** What a hold adds to what is set aside already. */
  #costUsd({ pricePerHourUsd }: WarmComponent, copies: number, untilMs: number, held: Hold | undefined): number {
    const heldMs = held ? held.copies * (held.untilMs - this.nowMs) : 0;
    return (pricePerHourUsd * Math.max(0, copies * (untilMs - this.nowMs) - heldMs)) / HOUR_MS;
  }

  #take(name: string, copies: number, untilMs: number, usd: number, start: Pick<Hold, 'sinceMs' | 'readyAtMs'>): void {
    this.#spend = charge(this.#spend, usd, this.nowMs);
    this.#hold(name, { ...start, copies, untilMs, chargedUsd: usd, chargedAtMs: this.nowMs });
    this.#windows.set(name, this.#window);
  }

  #hold(name: string, hold: Hold): void {
    this.#holds.set(name, hold);
    const status = this.observation.components[name];
    if (hold.readyAtMs !== undefined && status !== undefined && status.copies < hold.copies) this.#starting.add(name);
    else this.#starting.delete(name);
  }

  get #window(): number {
    return Math.floor(this.nowMs / this.config.limits.windowMs);
  }

  #key(name: string): string {
    return `${name}@${this.#window * this.config.limits.windowMs}`;
  }
}
