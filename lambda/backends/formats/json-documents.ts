/** JSON documents from a stream of bytes that may be cut anywhere: one on each line, or one over many lines. */
export class JsonDocuments {
  /** Drops a byte order mark. */
  readonly #decoder = new TextDecoder();
  #rest = '';
  /** Known once there is a line. */
  #isOverLines: boolean | undefined;

  /** Takes the next bytes. @returns the documents that they complete */
  push(part: Uint8Array): string[] {
    const text = this.#decoder.decode(part, { stream: true });
    if (this.#isOverLines) {
      this.#rest += text;
      return [];
    }
    const lines = text.split('\n');
    lines[0] = this.#rest + lines[0];
    this.#rest = lines.pop() ?? '';
    const documents = lines.filter((line) => line.trim() !== '');
    const [first] = documents;
    if (first === undefined) return [];
    this.#isOverLines ??= !isJson(first);
    if (!this.#isOverLines) return documents;
    this.#rest = [...documents, this.#rest].join('\n');
    return [];
  }

  /** The document that only the end of the stream completes, if there is one. */
  end(): string[] {
    return this.#rest.trim() === '' ? [] : [this.#rest];
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
