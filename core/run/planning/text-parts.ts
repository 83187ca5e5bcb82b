/**
 * The text of an answer, part by part as it comes. Backends that do not stream tell nothing before the end: then it comes
 * whole. Of several tries only the first that tells anything is listened to.
 */
export class TextParts implements AsyncIterable<string> {
  readonly #parts: string[] = [];
  #told = '';
  #attempt: number | undefined;
  #isOver = false;
  #isReplaced = false;
  #wake: (() => void) | undefined;

  /** Whether another text has answered than the parts that came: that whole text is the last of them. */
  get isReplaced(): boolean {
    return this.#isReplaced && this.#parts.length === 0;
  }

  readonly take = (part: string, attempt: number): void => {
    this.#attempt ??= attempt;
    if (this.#isOver || this.#attempt !== attempt) return;
    this.#told += part;
    this.#parts.push(part);
    this.#wake?.();
  };

  /** @param text the whole answer; left out if there is none */
  end(text = this.#told): void {
    this.#isOver = true;
    this.#isReplaced = !text.startsWith(this.#told);
    if (this.#isReplaced) this.#parts.splice(0, this.#parts.length, text);
    else if (text.length > this.#told.length) this.#parts.push(text.slice(this.#told.length));
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<string> {
    for (;;) {
      for (let part = this.#parts.shift(); part !== undefined; part = this.#parts.shift()) yield part;
      if (this.#isOver) return;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
