/** From who writes to the one who reads. What is not read yet waits; a reader that leaves takes nothing more. */
export class Pipe<Chunk> implements AsyncIterable<Chunk> {
  #chunks: Chunk[] = [];
  #end: { readonly error?: unknown } | undefined;
  #wake: (() => void) | undefined;
  #isRead = false;

  /** @param join makes one chunk of two that wait, so that a slow reader holds no more than what it has still to read */
  constructor(private readonly join?: (first: Chunk, second: Chunk) => Chunk) {}

  push(chunk: Chunk): void {
    if (this.#end) return;
    const last = this.#chunks.length - 1;
    if (this.join && last >= 0) this.#chunks[last] = this.join(this.#chunks[last]!, chunk);
    else this.#chunks.push(chunk);
    this.#wake?.();
  }

  /** What came before can still be read. */
  end(): void {
    this.#end ??= {};
    this.#wake?.();
  }

  /** As `end`, and then reading throws. */
  fail(error: unknown): void {
    this.#end ??= { error };
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Chunk> {
    if (this.#isRead) throw new Error('a stream can be read once: keep what you read, or need the value of the node');
    this.#isRead = true;
    try {
      for (;;) {
        const chunks = this.#chunks;
        this.#chunks = [];
        yield* chunks;
        if (this.#chunks.length > 0) continue;
        if (this.#end) break;
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
      if ('error' in this.#end) throw this.#end.error;
    } finally {
      this.#end ??= {};
      this.#chunks = [];
    }
  }
}
