import type { Call } from '../../core/run/call';
import { callError } from './call-error';

/** Far more than any answer of a model, and more than Lambda's 6 MB; a stream without end must not fill the memory. */
export const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

export const byteLength = (part: Uint8Array) => part.byteLength;

/** About, of a part that came as JSON and was parsed. */
export const jsonLength = (part: object) => JSON.stringify(part).length;

/** The parts of an answer, as long as it is not too long. */
export async function* limited<Part>(
  parts: AsyncIterable<Part>,
  bytesOf: (part: Part) => number,
  { component }: Call,
): AsyncGenerator<Part> {
  let bytes = 0;
  for await (const part of parts) {
    bytes += bytesOf(part);
    if (bytes > MAX_ANSWER_BYTES) {
      throw callError(component, 'failed', `answered with more than ${MAX_ANSWER_BYTES} bytes`);
    }
    yield part;
  }
}
