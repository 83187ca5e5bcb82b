import type { RequestList } from '../request-list';
import { LineFaults, type TraceOptions } from './line-faults';
import { BadLine } from './trace-error';

export interface LoadedTrace {
  readonly requests: RequestList;
  /** Bad lines that were left out. */
  readonly skipped: number;
  /** Requests that failed where the trace was taken; they are left out, because nothing tells their answer. */
  readonly failures: number;
}

/** Reads a trace line by line; a fault of a line throws a `TraceError` that names file, line, value and remedy. */
export type TraceLoader = (lines: AsyncIterable<string>, options: TraceOptions) => Promise<LoadedTrace>;

/** One request of a trace. */
export interface TraceRow {
  /** On any clock; whole microseconds after rounding. */
  readonly arrivalUs: number;
  readonly promptTokens: number;
  readonly outputTokens: number;
}

/** Reads the rows of a line, `'failed'` for a request that failed; throws `BadLine`. */
export type LineParser = (line: string) => readonly (TraceRow | 'failed')[];

export interface TraceFormat {
  /** A parser for a file, made from its header where the format has one. */
  readonly parser: { readonly ofFile: () => LineParser } | { readonly ofHeader: (header: string) => LineParser };
  /** Where arrivals are counted from: from the first request, or from 0 of the clock of the trace. */
  readonly clock: 'from-first' | 'from-zero';
  /** Lines come in the order of arrival; if not, as in logs written at the end of each request, they are sorted. */
  readonly ordered: boolean;
}

/** The loader of a format. */
export function traceLoader(format: TraceFormat): TraceLoader {
  return async (lines, options) => {
    const reader = new TraceReader(format, options);
    for await (const line of lines) reader.read(line);
    return reader.finish();
  };
}

class TraceReader {
  readonly #format: TraceFormat;
  readonly #faults: LineFaults;
  readonly #rows: Columns = { arrivalUs: [], promptTokens: [], outputTokens: [] };
  #parse: LineParser | undefined;
  #failures = 0;

  constructor(format: TraceFormat, options: TraceOptions) {
    this.#format = format;
    this.#faults = new LineFaults(options);
    this.#parse = 'ofFile' in format.parser ? format.parser.ofFile() : undefined;
  }

  read(line: string): void {
    this.#faults.read(line, this.#readLine);
  }

  finish(): LoadedTrace {
    const { arrivalUs } = this.#rows;
    if (arrivalUs.length === 0) {
      throw this.#faults.nothing('requests', this.#failures > 0 ? `all ${this.#failures} failed` : undefined);
    }
    const startUs = this.#format.clock === 'from-zero' ? 0 : arrivalUs.reduce((least, us) => Math.min(least, us));
    return {
      requests: toRequests(this.#format.ordered ? this.#rows : inOrder(this.#rows), startUs),
      skipped: this.#faults.skipped,
      failures: this.#failures,
    };
  }

  // Made once, not for each of millions of lines.
  readonly #readLine = (line: string): void => {
    const { parser } = this.#format;
    if (this.#parse) for (const row of this.#parse(line)) this.#add(row);
    else if ('ofHeader' in parser) this.#parse = parser.ofHeader(line);
  };

  #add(row: TraceRow | 'failed'): void {
    if (row === 'failed') {
      this.#failures += 1;
      return;
    }
    const arrivalUs = Math.round(row.arrivalUs);
    const previousUs = this.#rows.arrivalUs.at(-1) ?? -Infinity;
    if (this.#format.ordered && arrivalUs < previousUs) {
      throw new BadLine(`the clock goes back by ${(previousUs - arrivalUs) / 1e6} s`, 'sort the file by time');
    }
    this.#rows.arrivalUs.push(arrivalUs);
    this.#rows.promptTokens.push(row.promptTokens);
    this.#rows.outputTokens.push(row.outputTokens);
  }
}

interface Columns {
  readonly arrivalUs: number[];
  readonly promptTokens: number[];
  readonly outputTokens: number[];
}

function inOrder({ arrivalUs, promptTokens, outputTokens }: Columns): Columns {
  const order = arrivalUs.map((_, row) => row).sort((a, b) => arrivalUs[a]! - arrivalUs[b]!);
  return {
    arrivalUs: order.map((row) => arrivalUs[row]!),
    promptTokens: order.map((row) => promptTokens[row]!),
    outputTokens: order.map((row) => outputTokens[row]!),
  };
}

function toRequests({ arrivalUs, promptTokens, outputTokens }: Columns, startUs: number): RequestList {
  const arrivals = new Float64Array(arrivalUs).map((us) => us - startUs);
  return {
    count: arrivals.length,
    arrivalUs: arrivals,
    promptTokens: new Uint32Array(promptTokens),
    outputTokens: new Uint32Array(outputTokens),
    // The run ends right after its last arrival.
    durationUs: arrivals.at(-1)! + 1,
  };
}
