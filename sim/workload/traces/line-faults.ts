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

  get file(): string {
    return this.#options.file;
  }

  /** The number of the line that is read, from 1. */
  get line(): number {
    return this.#line;
  }

  /** Bad lines that were left out. */
  get skipped(): number {
    return this.#skipped;
  }

  /** Where the first of them was, and what was wrong with it; empty if there is none. */
  get first(): string {
    return this.#first;
  }

  /** Reads the next line; blank ones are passed over. */
  read(line: string, read: (line: string) => void): void {
    this.#line += 1;
    if (line.trim() === '') return;
    try {
      read(line);
    } catch (error) {
      if (!(error instanceof BadLine)) throw error;
      this.leaveOut(error, this.#line);
    }
  }

  /** Counts lines as left out, of which this is the first. @throws TraceError if they must not be */
  leaveOut({ message, remedy, canSkip }: BadLine, line: number, count = 1): void {
    const { file, skipBad } = this.#options;
    if (!canSkip) throw new TraceError(file, line, `${message}; ${remedy}`);
    if (!skipBad) throw new TraceError(file, line, `${message}; ${remedy}, or leave it out (--skip-bad)`);
    this.#skipped += count;
    this.#first ||= `line ${line}: ${message}`;
  }

  /** That the file has nothing of what it should have. */
  nothing(what: string, why = ''): TraceError {
    const reason = this.#first ? `${this.#skipped} bad lines, the first: ${this.#first}` : why || 'it has none';
    return new TraceError(this.#options.file, undefined, `no ${what}: ${reason}; check that it is the right file`);
  }
}
