import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import type { LocalAws } from './local-aws';

/** A request whose route is known. */
export interface AwsRequest {
  /** The resource named in the path, decoded; empty if the path names none. */
  readonly resource: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Aborted when the client hangs up. */
  readonly signal: AbortSignal;
}

export interface AwsResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A stream for what goes out as it comes. */
  readonly body: string | Readable;
}

/** One operation of one service. Rejects with an `AwsError`; any other error is an internal failure. */
export type Operation = (aws: LocalAws, request: AwsRequest) => AwsResponse | Promise<AwsResponse>;

/** An error in the shape its service gives it. */
export class AwsError extends Error {
  override readonly name = 'AwsError';

  constructor(
    readonly status: number,
    /** The error code, such as `ValidationException`. */
    readonly code: string,
    /** The members of the error. */
    readonly body: Readonly<Record<string, unknown>>,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(code);
  }
}

/** Of everything local: accounts and Regions are not told apart. */
export const ACCOUNT = '000000000000';
export const REGION = 'us-east-1';

export function jsonResponse(value: unknown, headers: Readonly<Record<string, string>> = {}): AwsResponse {
  return { status: 200, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(value) };
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function headerOf(request: AwsRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}
