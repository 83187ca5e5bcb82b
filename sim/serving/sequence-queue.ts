import type { Sequence } from './sequence';

/** Sequences in decoding, the first to finish first: a binary heap by the step at which each is done. */
export class SequenceQueue {
  readonly #heap: Sequence[] = [];

  get size(): number {
    return this.#heap.length;
  }

  peek(): Sequence | undefined {
    return this.#heap[0];
  }

  push(sequence: Sequence): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(sequence);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (heap[parent]!.doneAtStep <= sequence.doneAtStep) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = sequence;
  }

  pop(): Sequence | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return first;
    this.#sift(0, last);
    return first;
  }

  /** Slow, for what is given up. @returns whether it was there */
  remove(sequence: Sequence): boolean {
    const rest = this.#heap.filter((other) => other !== sequence);
    if (rest.length === this.#heap.length) return false;
    this.#heap.length = 0;
    for (const other of rest) this.push(other);
    return true;
  }

  #sift(from: number, sequence: Sequence): void {
    const heap = this.#heap;
    let at = from;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && heap[child + 1]!.doneAtStep < heap[child]!.doneAtStep) child++;
      if (heap[child]!.doneAtStep >= sequence.doneAtStep) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = sequence;
  }
}
