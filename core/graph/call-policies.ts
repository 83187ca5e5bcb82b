/** What happens around the calls of a component, beside retries. Plain data; all off if left out. */
export interface CallPolicyOptions {
  /**
   * A second try of a call that takes longer than most; the first answer counts. Only for components that may be called
   * twice, and that run on more than one copy.
   */
  readonly hedge?: HedgeOptions;
  /**
   * Calls of one tenant with the same input, under way at once, share one answer. Not for models whose answers are to
   * differ, such as several judges with one question.
   */
  readonly singleFlight?: boolean;
  /** Answers are kept for a time and given again to the same tenant. */
  readonly cache?: CacheOptions;
  /** A backend that fails or is slow is left alone for a while. */
  readonly breaker?: BreakerOptions;
}

export interface HedgeOptions {
  /** Most second tries, as a share of the calls. @default 0.05 */
  readonly budget?: number;
  /** When the second try is made. @default - after the P95 of the node's own calls, once 20 of them are known */
  readonly afterMs?: number;
}

export interface CacheOptions {
  /** How long an answer is given again. */
  readonly forMs: number;
  /** Fields of the input that decide the answer. @default - the whole input */
  readonly key?: readonly string[];
}

/**
 * What opens a breaker, and for how long. Only what the backend is to blame for counts: not requests that it refuses as
 * wrong, nor throttling, nor copies that are still on their way.
 */
export interface BreakerOptions {
  /** Share of failed calls at which it opens. @default 0.5 */
  readonly failureRatio?: number;
  /**
   * A call that takes longer is slow, even if its caller gave up.
   *
   * @default - a call is slow if its caller gave up after three times the P95 of the last 100 answers and a second at
   * least; after 10 seconds as long as fewer than 20 answers are known; and after nine tenths of the `nodeMs` of its node,
   * if that is a second at least and no less than the P95
   */
  readonly slowMs?: number;
  /** Share of slow calls at which it opens. @default 0.8 */
  readonly slowRatio?: number;
  /** With fewer calls in the window no share opens it, but `consecutiveFaults` may. @default 10 */
  readonly minCalls?: number;
  /** Calls that ended longer ago do not count; nor do those before the last 100. @default 30000 */
  readonly windowMs?: number;
  /**
   * So many calls that failed or were slow open it while there are too few in the window to tell a share: calls that were
   * made one after another, with none between that was good, however long they took. @default 5
   */
  readonly consecutiveFaults?: number;
  /** After this it lets a few calls probe. @default 5000 */
  readonly openMs?: number;
  /** Calls that must succeed for it to close. @default 3 */
  readonly probes?: number;
}

/**
 * Recommended for models: `model('writer', { ...RECOMMENDED_POLICIES })`. No more than one call in twenty is made twice, and
 * a backend of which half of the calls fail, or four in five hang, or five in a row where calls are few, is left alone for
 * five seconds. What changes answers is left to the author.
 */
export const RECOMMENDED_POLICIES = { hedge: { budget: 0.05 }, breaker: { failureRatio: 0.5 } } as const;

export function hasPolicies({ hedge, singleFlight, cache, breaker }: CallPolicyOptions): boolean {
  return Boolean(hedge || singleFlight || cache || breaker);
}
