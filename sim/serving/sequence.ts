import type { Work } from './copy-profile';

/** Told as a request proceeds. */
export interface RequestListener {
  onFirstToken?(atUs: number): void;
  /** @param queuedUs for how long the request waited in the copy before it was worked on */
  onDone(atUs: number, queuedUs: number): void;
}

/** A request in a copy. */
export class Sequence {
  /** Absent once its answer is no longer wanted. */
  listener: RequestListener | undefined;
  promptLeft: number;
  /** Of its prompt, what the copy keeps for others too. */
  sharedTokens = 0;
  /** Steps of the batch at which its last token is out; known once its prompt is through. */
  doneAtStep = Infinity;
  /** When its prompt came up for work: until then it queued. */
  startedAtUs = NaN;
  firstTokenAtUs = NaN;

  constructor(
    readonly work: Work,
    readonly addedAtUs: number,
  ) {
    this.promptLeft = work.promptTokens;
  }

  /** What it will need of the cache on average over its life: its prompt, unless it is shared, and half of its output. */
  get expectedContext(): number {
    return this.work.promptTokens + this.work.outputTokens / 2 - this.sharedTokens;
  }
}
