import { randomBytes } from 'node:crypto';
import {
  type Admission,
  admit,
  crowdedOut,
  intervalMs,
  latestDebtMs,
  type Refused,
  type TenantLimits,
} from '../../../core/admission';
import { unlessAborted } from '../../../core/run/abort';
import type { Clock } from '../../../core/run/call';
import { errorLike } from '../../backends/error-like';
import type { Entry, KnownTenant } from './entry-update';

/** Where tenants are kept. */
export interface TenantStore {
  /** Resolves when it can be asked; that takes no network. */
  ready(): Promise<unknown>;
  /**
   * Writes an entry down; returns undefined, or as whom it has found the tenant if not as the entry supposes.
   *
   * @throws TooManyEntries
   */
  enter(tenant: string, entry: Entry, signal: AbortSignal): Promise<KnownTenant | undefined>;
  leave(tenant: string, place: string, signal: AbortSignal): Promise<void>;
}

/** Entries of one tenant come faster than the store can write them: no fault of the store, but what limits are there for. */
export class TooManyEntries extends Error {
  override readonly name = 'TooManyEntries';
}

export interface GateServices {
  readonly store: TenantStore;
  /** Milliseconds since 1970. */
  readonly nowMs: () => number;
  /** Measures how long the store takes. */
  readonly clock: Clock;
  /** Most time that a run waits for the store, as it begins and as it ends. */
  readonly timeoutMs: number;
}

export type Verdict = Entrance | Refused;

/** A run may begin. */
export interface Entrance {
  readonly isAdmitted: true;
  /** Whether the store has answered; if not, nobody knows whether the limits allow it. */
  readonly isChecked: boolean;
  /** Name of the error of the store, if it has not. */
  readonly fault?: string;
  /** To be awaited when the run has ended; never rejects. */
  leave(): Promise<void>;
}

/** What the clocks of two functions may differ by, and what a run takes to say that its time is over. */
const SLACK_MS = 2_000;

/** Each looks at what others have done meanwhile; so many only if places come and go all the time. */
const MAX_ROUNDS = 6;

/** More than passes between two rounds. */
const MOMENT_MS = 50;

/** So many tenants are remembered; then all are forgotten, which costs each a second look. */
const MAX_REMEMBERED = 1_000;

/** Lets runs of a tenant begin within its limits; all of them while the store does not answer, or is not to be asked. */
export class Gate {
  readonly #services: GateServices;
  /** By tenant, as last seen. */
  readonly #paidUntilMs = new Map<string, number>();

  constructor(services: GateServices) {
    this.#services = services;
  }

  /** Never rejects. @param lastsMs the most that the run takes */
  async enter(tenant: string, limits: TenantLimits, lastsMs: number): Promise<Verdict> {
    const place = randomBytes(6).toString('base64url');
    const leave = () => this.#leave(tenant, place, limits);
    try {
      await this.#services.store.ready();
      const admission = await this.#inTime((signal) => this.#admit(tenant, place, limits, lastsMs, signal));
      return admission.isAdmitted ? { isAdmitted: true, isChecked: true, leave } : admission;
    } catch (error) {
      if (error instanceof TooManyEntries) return crowdedOut(limits);
      // What was asked of the store may still be done: the place is given back in any case, or free when its time is over.
      return { isAdmitted: true, isChecked: false, fault: errorLike(error).name ?? 'unknown', leave };
    }
  }

  async #admit(
    tenant: string,
    place: string,
    limits: TenantLimits,
    lastsMs: number,
    signal: AbortSignal,
  ): Promise<Admission> {
    const { store, nowMs: clock } = this.#services;
    let before = this.#suppose(tenant, limits);
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const nowMs = clock();
      const arrival = { place, untilMs: Math.ceil(nowMs + lastsMs + SLACK_MS) };
      const admission = admit(before, arrival, limits, nowMs);
      if (!admission.isAdmitted) return admission;
      const margin = marginMs(limits, before, nowMs, round);
      const entry = { arrival, limits, nowMs, marginMs: margin, before, admitted: admission };
      const found = await store.enter(tenant, entry, signal);
      this.#remember(tenant, (found ?? admission.state).paidUntilMs);
      if (!found) return admission;
      before = found;
    }
    return crowdedOut(limits);
  }

  /** Most likely the tenant is known, and has room: nobody is refused on a supposition. */
  #suppose(tenant: string, { throttling }: TenantLimits): KnownTenant {
    const paidUntilMs = this.#paidUntilMs.get(tenant) ?? 0;
    const mostMs = throttling ? latestDebtMs(throttling, this.#services.nowMs()) : 0;
    return { paidUntilMs: Math.min(paidUntilMs, mostMs), places: {}, hasPlaces: true };
  }

  #remember(tenant: string, paidUntilMs: number): void {
    if (this.#paidUntilMs.size >= MAX_REMEMBERED) this.#paidUntilMs.clear();
    this.#paidUntilMs.set(tenant, paidUntilMs);
  }

  /** A place that cannot be given back is free when the run would have ended at the latest. */
  async #leave(tenant: string, place: string, { concurrency }: TenantLimits): Promise<void> {
    if (concurrency === undefined) return;
    const { store } = this.#services;
    await this.#inTime((signal) => store.leave(tenant, place, signal)).catch(() => {});
  }

  /** Rejects if the work is not done in time. */
  async #inTime<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { clock, timeoutMs } = this.#services;
    const abort = new AbortController();
    const timer = clock.setTimer(() => abort.abort(), timeoutMs);
    try {
      return await unlessAborted(work(abort.signal), abort.signal);
    } finally {
      clock.clearTimer(timer);
    }
  }
}

/**
 * Where runs come at about the rate, whether their tenant has paid for more than now changes with each, and is mostly supposed wrong.
 * After two rounds such a tenant pays for a moment more, never for more than its burst.
 */
function marginMs({ throttling }: TenantLimits, { paidUntilMs }: KnownTenant, nowMs: number, round: number): number {
  if (!throttling || round < 2 || Math.abs(paidUntilMs - nowMs) > MOMENT_MS) return 0;
  return Math.min(MOMENT_MS, (throttling.burstLimit - 1) * intervalMs(throttling));
}
