/** A trace that cannot be used: where, what is wrong, and what to do. */
export class TraceError extends Error {
  override readonly name = 'TraceError';

  constructor(
    readonly file: string,
    /** Counted from 1; `undefined` if it is the whole file. */
    readonly line: number | undefined,
    message: string,
  ) {
    super(`${line === undefined ? file : `${file}:${line}`}: ${message}`);
  }
}

/** Why a line is no good; whoever reads the file knows which line it is. */
export class BadLine extends Error {
  constructor(
    message: string,
    readonly remedy = 'correct the line',
    /** Not a header, without which no other line can be read. */
    readonly canSkip = true,
  ) {
    super(message);
  }
}
