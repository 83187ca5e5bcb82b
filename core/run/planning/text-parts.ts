/** A part of the text of an answer. */
export interface TextPart {
  readonly text: string;
  /** Whether it is the beginning of another text, which takes the place of all that came before. */
  readonly startsAnew: boolean;
}

/**
 * The text of an answer, part by part as it comes. Backends that do not stream tell nothing before the end: then it comes
 * whole. Once a try tells anything, those before it have broken off, and what they told is no part of the answer.
 */
export class TextParts implements AsyncIterable<TextPart> {
  #parts: TextPart[] = [];
  /** How many of them are read. */
  #read = 0;
  /** What the last try to tell anything has told. */
  #told = '';
  #try: object | undefined;
  /** Those that have told anything. */
  readonly #tries = new WeakSet<object>();
  #isOver = false;
  #wake: (() => void) | undefined;

  /** @param of the try that tells it */
  readonly take = (text: string, of: object): void => {
    if (this.#isOver) return;
    if (this.#try !== of) {
      // A backend that goes on after its try has ended is not listened to.
      if (this.#tries.has(of)) return;
      this.#tries.add(of);
      this.#try = of;
      this.#startAnew(text);
    } else {
      this.#told += text;
      this.#parts.push({ text, startsAnew: false });
    }
    this.#wake?.();
  };

  /** @param text the whole answer; left out if there is none */
  end(text = this.#told): void {
    this.#isOver = true;
    if (!text.startsWith(this.#told)) this.#startAnew(text);
    else if (text.length > this.#told.length) {
      this.#parts.push({ text: text.slice(this.#told.length), startsAnew: false });
    }
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<TextPart> {
    for (;;) {
      while (this.#read < this.#parts.length) yield this.#parts[this.#read++]!;
      if (this.#isOver) return;
      this.#parts = [];
      this.#read = 0;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  #startAnew(text: string): void {
    this.#parts = [{ text, startsAnew: this.#told !== '' }];
    this.#read = 0;
    this.#told = text;
  }
}
