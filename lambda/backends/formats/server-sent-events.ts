const LINE_END = /\r\n|\n|\r/;

/**
 * Server-sent events from a stream of bytes that may be cut anywhere, even inside of a character. Of an event only the
 * data is kept; one that the stream does not complete is none.
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
 */
export class ServerSentEvents {
  /** Drops a byte order mark. */
  readonly #decoder = new TextDecoder();
  /** The line under way. */
  #line = '';
  #isAfterReturn = false;
  /** Lines of data of the event under way. */
  #data: string[] = [];

  /** Takes the next bytes. @returns the data of the events that they complete */
  push(part: Uint8Array): string[] {
    const decoded = this.#decoder.decode(part, { stream: true });
    if (decoded === '') return [];
    // The second half of a line end whose first half has ended the line.
    const text = this.#isAfterReturn && decoded.startsWith('\n') ? decoded.slice(1) : decoded;
    this.#isAfterReturn = decoded.endsWith('\r');

    const lines = text.split(LINE_END);
    lines[0] = this.#line + lines[0];
    this.#line = lines.pop() ?? '';
    return lines.flatMap((line) => this.#read(line));
  }

  #read(line: string): string[] {
    if (line === '') {
      const data = this.#data;
      this.#data = [];
      return data.length > 0 ? [data.join('\n')] : [];
    }
    const [, field, value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
    if (field === 'data') this.#data.push(value);
    return [];
  }
}
