/** Lines about what goes on. On a terminal a last line may change in place; piped, only whole lines are written. */
export class Progress {
  #status = '';

  constructor(private readonly stream: NodeJS.WriteStream) {}

  /** Replaces the last line of a terminal; nothing is written elsewhere. */
  status(text: string): void {
    if (!this.stream.isTTY || text === this.#status) return;
    this.#status = text;
    this.stream.write(`\r\x1b[K${text.slice(0, this.stream.columns - 1)}`);
  }

  /** Writes a line that stays. */
  line(text: string): void {
    const status = this.#status;
    this.status('');
    this.stream.write(`${text}\n`);
    this.status(status);
  }
}
