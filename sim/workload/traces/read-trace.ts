import type { RequestList } from '../request-list';
import { LineFaults, type TraceOptions } from './line-faults';
import { outOfOrder } from './out-of-order';
import { BadLine } from './trace-error';

export interface LoadedTrace {
  readonly requests: RequestList;
  /** Bad lines that were left out. */
  readonly skipped: number;
  /** Of these, lines that were out of the order of time. */
  readonly outOfOrder: number;
  /** Where the first of them was, and what was wrong with it. */
  readonly firstFault?: string;
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
  readonly #rows: Columns = { line: [], arrivalUs: [], promptTokens: [], outputTokens: [] };
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
    const { clock, ordered } = this.#format;
    const outside = ordered ? this.#leaveOutOfOrder() : [];
    const rows = ordered ? without(this.#rows, outside) : sorted(this.#rows);
    const { skipped, first } = this.#faults;
    return {
      requests: toRequests(rows, clock === 'from-zero' ? 0 : rows.arrivalUs[0]!),
      skipped,
      outOfOrder: outside.length,
      ...(first && { firstFault: first }),
      failures: this.#failures,
    };
  }

  /** Known only at the end: a clock that goes back may have been ahead before. */
  #leaveOutOfOrder(): readonly number[] {
    const { line, arrivalUs } = this.#rows;
    const outside = outOfOrder(arrivalUs);
    const [row] = outside;
    if (row === undefined) return outside;
    // All rows before the first one outside are in order, and one of those after it may be.
    const isOutside = new Set(outside);
    const next = arrivalUs.findIndex((_, other) => other > row && !isOutside.has(other));
    const isAhead = next > 0 && arrivalUs[row]! > arrivalUs[next]!;
    const fault = isAhead
      ? `the clock is ${(arrivalUs[row]! - arrivalUs[next]!) / 1e6} s ahead of line ${line[next]}`
      : `the clock goes back by ${(arrivalUs[row - 1]! - arrivalUs[row]!) / 1e6} s`;
    const others = outside.length > 1 ? `, the first of ${outside.length} lines out of order` : '';
    this.#faults.leaveOut(new BadLine(fault + others, 'sort the file by time'), line[row]!, outside.length);
    return outside;
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
    this.#rows.line.push(this.#faults.line);
    this.#rows.arrivalUs.push(Math.round(row.arrivalUs));
    this.#rows.promptTokens.push(row.promptTokens);
    this.#rows.outputTokens.push(row.outputTokens);
  }
}

interface Columns {
  readonly line: number[];
  readonly arrivalUs: number[];
  readonly promptTokens: number[];
  readonly outputTokens: number[];
}

function sorted(columns: Columns): Columns {
  const { arrivalUs } = columns;
  return select(
    columns,
    Array.from(arrivalUs.keys()).sort((a, b) => arrivalUs[a]! - arrivalUs[b]!),
  );
}

function without(columns: Columns, outside: readonly number[]): Columns {
  if (outside.length === 0) return columns;
  const isOutside = new Set(outside);
  return select(
    columns,
    Array.from(columns.arrivalUs.keys()).filter((row) => !isOutside.has(row)),
  );
}

function select({ line, arrivalUs, promptTokens, outputTokens }: Columns, rows: readonly number[]): Columns {
  return {
    line: rows.map((row) => line[row]!),
    arrivalUs: rows.map((row) => arrivalUs[row]!),
    promptTokens: rows.map((row) => promptTokens[row]!),
    outputTokens: rows.map((row) => outputTokens[row]!),
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
