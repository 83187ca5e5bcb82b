import type { Call } from '../../core/run/call';
import { callError } from './call-error';

/** Far more than any answer of a model, and more than Lambda's 6 MB; a stream without end must not fill the memory. */
export const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

/** The parts of an answer, as long as it is not too long. */
export async function* limited(parts: AsyncIterable<Uint8Array>, { component }: Call): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const part of parts) {
    bytes += part.byteLength;
    if (bytes > MAX_ANSWER_BYTES) {
      throw callError(component, 'failed', `answered with more than ${MAX_ANSWER_BYTES} bytes`);
    }
    yield part;
  }
}
