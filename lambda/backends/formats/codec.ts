import type { TokenUsage } from '../../../core/graph/chat';

/** Between the values of a component and the bytes of its wire format. */
export interface Codec {
  readonly contentType: string;
  /** Throws if the input cannot be written. */
  encode(input: unknown): string | Uint8Array;
  /** Throws if the answer is not of the format, with a message that says what was expected and quotes nothing. */
  decode(body: Uint8Array): Answer;
}

export interface WireRequest {
  readonly contentType: string;
  readonly body: string | Uint8Array;
}

export interface Answer {
  readonly output: unknown;
  readonly usage?: TokenUsage;
}

/** Throws a `SyntaxError` that quotes the body: see `reasonOf`. */
export const parseJson = (body: Uint8Array) => JSON.parse(Buffer.from(body).toString());
