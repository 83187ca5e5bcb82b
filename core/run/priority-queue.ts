/** A binary heap: the item with the highest priority leaves first, the older of two equals before the younger. */
export class PriorityQueue<T> {
  readonly #heap: Entry<T>[] = [];
  #added = 0;

  get size(): number {
    return this.#heap.length;
  }

  /** The item that leaves next. */
  peek(): T | undefined {
    return this.#heap[0]?.item;
  }

  push(item: T, priority: number): void {
    const heap = this.#heap;
    const entry = { item, priority, order: this.#added++ };
    let at = heap.push(entry) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(entry, heap[parent]!)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = entry;
  }

  pop(): T | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const entry = heap.pop();
    if (heap.length === 0 || entry === undefined) return first?.item;

    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++;
      if (!isBefore(heap[child]!, entry)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = entry;
    return first?.item;
  }
}

interface Entry<T> {
  readonly item: T;
  readonly priority: number;
  readonly order: number;
}

function isBefore<T>(a: Entry<T>, b: Entry<T>): boolean {
  return a.priority > b.priority || (a.priority === b.priority && a.order < b.order);
}
