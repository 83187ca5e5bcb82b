/** What a decision function answers: the state to keep, what to do now, and why, in words and numbers. */
export interface Decision<S, A> {
  /** Plain JSON data: it is stored between ticks. */
  readonly state: S;
  readonly actions: readonly A[];
  readonly reasons: readonly string[];
}
