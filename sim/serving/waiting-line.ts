import type { Sequence } from './sequence';

/** Sequences that wait for a place in a batch, first come, first served: a linked list, which whoever gives up leaves at once. */
export class WaitingLine {
  #head: Sequence | undefined;
  #tail: Sequence | undefined;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get head(): Sequence | undefined {
    return this.#head;
  }

  push(sequence: Sequence): void {
    this.#join(this.#tail, sequence, undefined);
  }

  pushFront(sequence: Sequence): void {
    this.#join(undefined, sequence, this.#head);
  }

  /** A sequence that does not wait is left alone. @returns whether it waited */
  remove(sequence: Sequence): boolean {
    if (!sequence.isWaiting) return false;
    const { ahead, behind } = sequence;
    if (ahead) ahead.behind = behind;
    else this.#head = behind;
    if (behind) behind.ahead = ahead;
    else this.#tail = ahead;
    sequence.ahead = undefined;
    sequence.behind = undefined;
    sequence.isWaiting = false;
    this.#size--;
    return true;
  }

  #join(ahead: Sequence | undefined, sequence: Sequence, behind: Sequence | undefined): void {
    sequence.ahead = ahead;
    sequence.behind = behind;
    sequence.isWaiting = true;
    if (ahead) ahead.behind = sequence;
    else this.#head = sequence;
    if (behind) behind.ahead = sequence;
    else this.#tail = sequence;
    this.#size++;
  }
}
