import type { CallErrorKind, ServiceFault } from '../../../core/run/errors';
import type { Answer } from './codec';

/**
 * Puts an answer together that comes in parts.
 *
 * Throws a `BrokenAnswer`, or what a codec throws if a part is not of the format.
 */
export interface AnswerReader<Part> {
  /** @returns the text in a part, maybe none; undefined if nothing of the answer has come so far but who speaks */
  read(part: Part): string | undefined;
  /** Whether the answer has said that it is over: what its service still sends is nothing of it. */
  readonly isWhole: boolean;
  /** After the last part: the text that only the end completes, and the whole answer. */
  end(): { readonly text: string; readonly answer: Answer };
}

/** An answer that its service did not bring to an end. */
export class BrokenAnswer extends Error {
  override readonly name = 'BrokenAnswer';

  constructor(
    readonly kind: CallErrorKind,
    readonly fault: ServiceFault,
  ) {
    super(`the answer broke off: ${fault.code}`);
  }
}

/** A stream that ended as if all were well, before its answer did. */
export function endedEarly(): BrokenAnswer {
  return new BrokenAnswer('retryable', { code: 'StreamBroken', message: 'the stream ended before the answer' });
}
