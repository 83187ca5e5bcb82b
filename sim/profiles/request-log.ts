import { isObject } from '../../core/graph/field-faults';
import { show } from '../../core/graph/show';
import type { ServedRequest } from './replay';

export interface RequestLog {
  /** In order of arrival. */
  readonly requests: readonly ServedRequest[];
  readonly skippedLines: number;
  /** What was wrong with the first line that was skipped, and where. */
  readonly firstFault?: string;
}

/** A log that cannot be read: says where, what stands there, and what to do. */
export class RequestLogError extends Error {
  override readonly name = 'RequestLogError';
}

type Fields = Readonly<Record<string, unknown>>;
type ReadRequest = (fields: Fields) => ServedRequest;

/** How the lines of a log are read. A CSV file has its first line for that, and no request on it. */
interface LogFormat {
  readonly fieldsOf: (line: string) => Fields;
  readonly readRequest: ReadRequest;
  readonly hasHeader: boolean;
}

const COLUMNS = ['arrivalMs', 'promptTokens', 'outputTokens', 'firstTokenMs', 'doneMs'] as const;

/**
 * Reads the log of one copy, a request per line and in any order, from the text of a file in pieces of any size.
 *
 * Two kinds, told apart by the first line: the JSON lines of a vLLM benchmark (`input_toks`, `output_toks`, and
 * `queued_ts`, `first_token_ts`, `last_token_ts` in seconds on one clock), and a CSV file with a header, or JSON lines,
 * with `arrivalMs` on any clock, `promptTokens`, `outputTokens`, and `firstTokenMs` and `doneMs` since the arrival.
 * Further fields are ignored.
 *
 * @param file how errors name the log
 * @param skipBad leaves out lines that are no request, and counts them
 * @throws RequestLogError for the first bad line, a header that lacks a column, and a log without requests
 */
export async function readRequestLog(
  chunks: AsyncIterable<string>,
  file: string,
  { skipBad }: { readonly skipBad: boolean },
): Promise<RequestLog> {
  const requests: ServedRequest[] = [];
  let skippedLines = 0;
  let firstFault: string | undefined;
  let format: LogFormat | undefined;
  let lineNumber = 0;
  for await (const line of linesOf(chunks)) {
    lineNumber += 1;
    if (line.trim() === '') continue;
    const isFirst = format === undefined;
    format ??= formatOf(line, `${file}:${lineNumber}`);
    if (isFirst && format.hasHeader) continue;
    try {
      requests.push(format.readRequest(format.fieldsOf(line)));
    } catch (error) {
      const fault = `${file}:${lineNumber}: ${(error as Error).message}`;
      if (!skipBad) throw new RequestLogError(`${fault}; correct the line, or leave out such lines with --skip-bad`);
      skippedLines += 1;
      firstFault ??= fault;
    }
  }
  if (requests.length === 0) {
    const skipped = firstFault === undefined ? '' : `; ${skippedLines} lines were skipped, the first: ${firstFault}`;
    throw new RequestLogError(`${file} has no requests${skipped}`);
  }
  requests.sort((a, b) => a.arrivalMs - b.arrivalMs);
  return { requests, skippedLines, ...(firstFault !== undefined && { firstFault }) };
}

/** Lines without their ends, LF or CR LF. */
async function* linesOf(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = '';
  let isStart = true;
  for await (const chunk of chunks) {
    const lines = (rest + (isStart ? chunk.replace(/^\uFEFF/, '') : chunk)).split('\n');
    isStart = false;
    rest = lines.pop()!;
    for (const line of lines) yield line.replace(/\r$/, '');
  }
  if (rest !== '') yield rest;
}

function formatOf(firstLine: string, at: string): LogFormat {
  if (firstLine.trimStart().startsWith('{')) {
    const readRequest = firstLine.includes('"queued_ts"') ? readVllmRequest : readOwnRequest;
    return { fieldsOf: parseObject, readRequest, hasHeader: false };
  }
  const header = firstLine.split(',').map((column) => column.trim());
  const missing = COLUMNS.filter((column) => !header.includes(column));
  if (missing.length > 0) {
    throw new RequestLogError(
      `${at}: the header lacks ${missing.join(', ')}, got: ${show(firstLine)}; ` +
        `a log is CSV with the columns ${COLUMNS.join(',')}, or JSON lines with these fields or those of vLLM`,
    );
  }
  return { fieldsOf: (line) => parseRow(header, line), readRequest: readOwnRequest, hasHeader: true };
}

function parseObject(line: string): Fields {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new Error(`is not JSON, got: ${show(line)}`);
  }
  if (!isObject(value)) throw new Error(`must be a JSON object, got: ${show(value)}`);
  return value;
}

function parseRow(header: readonly string[], line: string): Fields {
  const cells = line.split(',');
  if (cells.length !== header.length) {
    throw new Error(`has ${cells.length} columns and the header ${header.length}, got: ${show(line)}`);
  }
  return Object.fromEntries(header.map((column, i) => [column, readCell(cells[i]!.trim())]));
}

/** A cell that is no number stays text, for the message to show. */
function readCell(cell: string): unknown {
  const number = Number(cell);
  return cell === '' || Number.isNaN(number) ? cell : number;
}

function readOwnRequest(fields: Fields): ServedRequest {
  const [promptTokens, outputTokens] = [countOf(fields, 'promptTokens'), countOf(fields, 'outputTokens')];
  const arrivalMs = numberOf(fields, 'arrivalMs');
  const firstTokenMs = numberOf(fields, 'firstTokenMs');
  const doneMs = numberOf(fields, 'doneMs');
  if (!(firstTokenMs > 0)) throw new Error(`firstTokenMs must be above 0, got: ${firstTokenMs}`);
  if (doneMs < firstTokenMs) throw new Error(`doneMs must not be below firstTokenMs ${firstTokenMs}, got: ${doneMs}`);
  return { arrivalMs, promptTokens, outputTokens, firstTokenMs, doneMs };
}

function readVllmRequest(fields: Fields): ServedRequest {
  const [promptTokens, outputTokens] = [countOf(fields, 'input_toks'), countOf(fields, 'output_toks')];
  const queued = numberOf(fields, 'queued_ts');
  const firstToken = numberOf(fields, 'first_token_ts');
  const lastToken = numberOf(fields, 'last_token_ts');
  if (!(firstToken > queued)) throw new Error(`first_token_ts must be after queued_ts ${queued}, got: ${firstToken}`);
  if (lastToken < firstToken) {
    throw new Error(`last_token_ts must not be before first_token_ts ${firstToken}, got: ${lastToken}`);
  }
  return {
    arrivalMs: queued * 1000,
    promptTokens,
    outputTokens,
    firstTokenMs: (firstToken - queued) * 1000,
    doneMs: (lastToken - queued) * 1000,
  };
}

function numberOf(fields: Fields, field: string): number {
  const value = fields[field];
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    throw new Error(`${field} must be a number, got: ${show(value)}`);
  }
  return value;
}

function countOf(fields: Fields, field: string): number {
  const value = fields[field];
  if (!Number.isSafeInteger(value) || (value as number) < 1) {
    throw new Error(`${field} must be a whole number from 1, got: ${show(value)}`);
  }
  return value as number;
}
