import type { BreakerOptions } from '../graph/call-policies';
import type { Clock } from './call';
import { CallError } from './errors';
import type { CallEvents, Send } from './layers';
import { RollingQuantile } from './rolling-quantile';

/** What a call tells of its backend; `none` if it did not get far enough to tell. */
export type Outcome = 'good' | 'slow' | 'bad' | 'none';

/** The permission to make a call. What came of it counts only if the breaker has not changed its mind meanwhile. */
export type Ticket = number;

interface Ended {
  readonly atMs: number;
  readonly outcome: Exclude<Outcome, 'none'>;
}

const MOST_CALLS = 100;

const P95 = 0.95;
/** With fewer answers nothing is said of their P95. */
const MIN_ANSWERS = 20;
/** A call that was given up after a silence of so many times the P95 of answers hung; sooner, its caller was in a hurry. */
const HUNG_FACTOR = 3;
const MIN_HUNG_MS = 1_000;
/** As long as little is known of a backend. */
const UNKNOWN_HUNG_MS = 10_000;
/** Of the time that a node has by itself: nobody gives a backend less than it needs. The rest goes by before the try leaves. */
const NODE_SHARE = 0.9;

const DEFAULTS = {
  failureRatio: 0.5,
  slowRatio: 0.8,
  minCalls: 10,
  windowMs: 30_000,
  consecutiveFaults: 5,
  openMs: 5_000,
  probes: 3,
} satisfies BreakerOptions;

/**
 * Lets calls through until too many of the last ones failed or were slow, or all of a few that came one after another and
 * too far apart for a share to tell; then none for a while, then a few that probe
 * (Nygard, Release It!, 2007; https://martinfowler.com/bliki/CircuitBreaker.html).
 */
export class Breaker {
  readonly #options: typeof DEFAULTS;
  /** Of the calls in the window, while it is closed. */
  #ended: Ended[] = [];
  /** Calls that failed or were slow since the last good one, each sent after the one before had ended; while it is closed. */
  #faults = 0;
  #lastFaultMs = -Infinity;
  readonly #answersMs = new RollingQuantile(P95, MOST_CALLS);
  #state: 'closed' | 'open' | 'probing' = 'closed';
  /** Since when it is open or, when it probes, since the last probe left. */
  #sinceMs = 0;
  #probesLeft = 0;
  #probesGood = 0;
  #ticket: Ticket = 0;

  constructor(options: BreakerOptions) {
    this.#options = { ...DEFAULTS, ...options };
  }

  /** How long to wait for a permission; 0 if there is one. */
  waitMs(nowMs: number): number {
    if (this.#state === 'closed' || (this.#state === 'probing' && this.#probesLeft > 0)) return 0;
    // A probe that never ends must not keep it from asking again.
    return Math.max(0, this.#sinceMs + this.#options.openMs - nowMs);
  }

  /** Undefined if there is none. */
  enter(nowMs: number): Ticket | undefined {
    if (this.waitMs(nowMs) > 0) return undefined;
    if (this.#state === 'open' || (this.#state === 'probing' && this.#probesLeft === 0)) {
      this.#become('probing', nowMs);
      this.#probesLeft = this.#options.probes;
      this.#probesGood = 0;
    }
    if (this.#state === 'probing') {
      this.#probesLeft--;
      this.#sinceMs = nowMs;
    }
    return this.#ticket;
  }

  /**
   * To be called once for each permission.
   *
   * @param sentMs when the call left for the backend; now if left out
   */
  leave(ticket: Ticket, outcome: Outcome, nowMs: number, sentMs = nowMs): void {
    if (ticket !== this.#ticket) return;
    if (this.#state === 'closed') {
      if (outcome !== 'none' && this.#isTooMuch({ atMs: nowMs, outcome }, sentMs)) this.#become('open', nowMs);
    } else if (outcome === 'none') {
      this.#probesLeft++;
    } else if (outcome !== 'good') {
      this.#become('open', nowMs);
    } else if (++this.#probesGood >= this.#options.probes) {
      this.#become('closed', nowMs);
    }
  }

  /** Takes how long an answer took. */
  learn(tookMs: number): void {
    this.#answersMs.add(tookMs);
  }

  /**
   * A call hung if it was given up after more than this without a word of it.
   *
   * @param nodeMs the time that its node has by itself, whatever its caller leaves it
   */
  hungMs(nodeMs = Infinity): number {
    const isKnown = this.#answersMs.count >= MIN_ANSWERS;
    const p95Ms = isKnown ? this.#answersMs.value : 0;
    const surelyMs = isKnown ? HUNG_FACTOR * p95Ms : UNKNOWN_HUNG_MS;
    return Math.max(MIN_HUNG_MS, Math.min(surelyMs, Math.max(p95Ms, NODE_SHARE * nodeMs)));
  }

  #isTooMuch(ended: Ended, sentMs: number): boolean {
    const { failureRatio, slowRatio, minCalls, windowMs, consecutiveFaults } = this.#options;
    const all = this.#ended;
    all.push(ended);
    while (all.length > MOST_CALLS || all[0]!.atMs <= ended.atMs - windowMs) all.shift();
    // No good call ever opens it.
    if (ended.outcome === 'good') {
      this.#faults = 0;
      return false;
    }
    // What fails at one moment, as the items of a map may, is one fault.
    if (sentMs >= this.#lastFaultMs) {
      this.#faults++;
      this.#lastFaultMs = ended.atMs;
    }
    if (all.length < minCalls) return this.#faults >= consecutiveFaults;
    const share = (outcome: Outcome) => all.filter((call) => call.outcome === outcome).length / all.length;
    return share('bad') >= failureRatio || share('slow') >= slowRatio;
  }

  #become(state: 'closed' | 'open' | 'probing', nowMs: number): void {
    this.#state = state;
    this.#sinceMs = nowMs;
    this.#ended = [];
    this.#faults = 0;
    this.#ticket++;
  }
}

/** A call that its breaker does not let through. */
export class BreakerOpenError extends CallError {}

/** What of a call its breaker goes by. */
export interface Guarded {
  readonly component: string;
  /** Time that its node has by itself. */
  readonly nodeMs: number | undefined;
  readonly slowMs: number | undefined;
}

/** Sends through a breaker. */
export function guarded(send: Send, breaker: Breaker, clock: Clock, { component, nodeMs, slowMs }: Guarded): Send {
  return async (sending) => {
    const ticket = breaker.enter(clock.now());
    if (ticket === undefined) {
      const retryAfterMs = breaker.waitMs(clock.now());
      throw new BreakerOpenError('retryable', `component "${component}" is left alone after too many failures`, {
        retryAfterMs,
      });
    }

    const { scope, on } = sending;
    const { text } = on;
    let sentMs = Infinity;
    /** When it last gave a sign of life. */
    let heardMs = Infinity;
    let outcome: Outcome = 'none';
    const tookMs = () => clock.now() - sentMs;
    const hung = () => clock.now() - heardMs > breaker.hungMs(nodeMs);
    const events: CallEvents = {
      ...on,
      sent: () => {
        sentMs = Math.min(sentMs, clock.now());
        heardMs = sentMs;
        return on.sent();
      },
      text:
        text &&
        ((part, of) => {
          heardMs = clock.now();
          text(part, of);
        }),
      answered: (result, isLate) => {
        if (!isLate) {
          breaker.learn(tookMs());
          outcome = tookMs() > (slowMs ?? Infinity) ? 'slow' : 'good';
        }
        on.answered(result, isLate);
      },
    };
    try {
      return await send({ ...sending, on: events });
    } catch (error) {
      // An answer that is not worth anything was an answer.
      const { aborted } = scope.signal;
      if (outcome === 'none' && !aborted && isFault(error)) outcome = 'bad';
      else if (outcome === 'none' && aborted && (slowMs === undefined ? hung() : tookMs() > slowMs)) outcome = 'slow';
      throw error;
    } finally {
      breaker.leave(ticket, outcome, clock.now(), sentMs);
    }
  };
}

/** Whether the backend is to blame, and not the caller that asked for nonsense or has no budget left. */
function isFault(error: unknown): boolean {
  return error instanceof CallError && (error.kind === 'retryable' || error.kind === 'timed-out');
}
