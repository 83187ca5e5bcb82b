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
  /** What is to be computed before its next token comes: its prompt, and what it had said when it was sent back. */
  prompt: number;
  promptLeft: number;
  /** Of its prompt, what the copy keeps for others too. */
  sharedTokens = 0;
  /** Tokens that were out when it was last sent back. */
  outBefore = 0;
  /** Steps of the batch at which its prompt was through. */
  decodesFromStep = Infinity;
  /** Steps of the batch at which its last token is out; known once its prompt is through. */
  doneAtStep = Infinity;
  /** It has a place in the batch. */
  isAdmitted = false;
  /** It stands in the line for one, between these. */
  isWaiting = false;
  ahead: Sequence | undefined;
  behind: Sequence | undefined;
  /** When its prompt came up for work: until then it queued. */
  startedAtUs = NaN;
  firstTokenAtUs = NaN;

  constructor(
    readonly work: Work,
    readonly addedAtUs: number,
  ) {
    this.prompt = work.promptTokens;
    this.promptLeft = work.promptTokens;
  }
}
