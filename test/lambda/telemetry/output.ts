/** What this process writes to standard output and standard error from now on, until it is restored. */
export class OutputOfProcess {
  readonly #chunks: string[] = [];
  readonly #streams = [process.stdout, process.stderr].map((stream) => ({ stream, write: stream.write.bind(stream) }));

  constructor() {
    for (const { stream } of this.#streams) {
      stream.write = (chunk: string | Uint8Array, ...more: unknown[]) => {
        this.#chunks.push(String(chunk));
        const done = more.find((argument) => typeof argument === 'function') as (() => void) | undefined;
        done?.();
        return true;
      };
    }
  }

  get text(): string {
    return this.#chunks.join('');
  }

  get lines(): string[] {
    return this.text.split('\n').filter(Boolean);
  }

  restore(): void {
    for (const { stream, write } of this.#streams) stream.write = write;
  }
}
