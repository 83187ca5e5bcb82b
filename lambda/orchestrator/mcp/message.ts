import { isObject } from '../../../core/graph/field-faults';

/** A message that asks for an answer. @see https://www.jsonrpc.org/specification */
export interface RpcRequest {
  readonly id: RpcId;
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
}

export type RpcId = string | number;

/** An answer that the protocol itself refuses a message with. */
export class RpcError extends Error {
  override readonly name = 'RpcError';

  constructor(
    readonly code: number,
    message: string,
    /** Of HTTP: 200 where clients take the error for the answer that it is. */
    readonly status = 200,
    readonly data?: object,
  ) {
    super(message);
  }
}

export const PARSE_ERROR = -32_700;
export const INVALID_REQUEST = -32_600;
export const METHOD_NOT_FOUND = -32_601;
export const INVALID_PARAMS = -32_602;
export const HEADER_MISMATCH = -32_020;
export const UNSUPPORTED_VERSION = -32_022;

/**
 * Reads a message; undefined if it asks for no answer: what a client tells or answers changes nothing here.
 *
 * @throws RpcError
 */
export function readMessage(document: unknown): RpcRequest | undefined {
  if (Array.isArray(document)) throw invalid('a body is one message: batches are not taken');
  if (!isObject(document) || document.jsonrpc !== '2.0') throw invalid('the body is no message of JSON-RPC 2.0');
  const { id, method, params = {} } = document;
  if (typeof method !== 'string') {
    if ('result' in document || 'error' in document) return undefined;
    throw invalid('the message has no method');
  }
  if (id === undefined) return undefined;
  if (typeof id !== 'string' && typeof id !== 'number') throw invalid('the id of a request must be a text or a number');
  if (!isObject(params)) throw invalid('params must be an object');
  return { id, method, params };
}

export function resultJson(id: RpcId, result: object): string {
  return JSON.stringify({ jsonrpc: '2.0', id, result });
}

export function errorJson(id: RpcId | undefined, { code, message, data }: RpcError): string {
  return JSON.stringify({ jsonrpc: '2.0', id: id ?? null, error: { code, message, ...(data && { data }) } });
}

function invalid(message: string): RpcError {
  return new RpcError(INVALID_REQUEST, message, 400);
}
