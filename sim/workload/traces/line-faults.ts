import { BadLine, TraceError } from './trace-error';

export interface TraceOptions {
  /** Its name, for messages. */
  readonly file: string;
  /** Leave out lines that are no good, and count them, instead of throwing at the first one. */
  readonly skipBad?: boolean;
}

/** Counts the lines of a file and decides what becomes of the bad ones. */
export class LineFaults {
  readonly #options: TraceOptions;
  #line = 0;
  #skipped = 0;
  #first = '';

  constructor(options: TraceOptions) {
    this.#options = options;
  }

  /** Bad lines that were left out. */
  get skipped(): number {
    return this.#skipped;
  }

  /** Reads the next line; blank ones are passed over. */
  read(line: string, read: (line: string) => void): void {
    this.#line += 1;
    if (line.trim() === '') return;
    try {
      read(line);
    } catch (error) {
      if (!(error instanceof BadLine)) throw error;
      if (!error.canSkip) throw this.#error(`${error.message}; ${error.remedy}`);
      if (!this.#options.skipBad) throw this.#error(`${error.message}; ${error.remedy}, or leave it out (--skip-bad)`);
      this.#skipped += 1;
      this.#first ||= `line ${this.#line}: ${error.message}`;
    }
  }

  /** That the file has nothing of what it should have. */
  nothing(what: string, why = ''): TraceError {
    const reason = this.#first ? `${this.#skipped} bad lines, the first: ${this.#first}` : why || 'it has none';
    return new TraceError(this.#options.file, undefined, `no ${what}: ${reason}; check that it is the right file`);
  }

  #error(message: string): TraceError {
    return new TraceError(this.#options.file, this.#line, message);
  }
}
