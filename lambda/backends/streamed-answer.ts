import type { Call } from '../../core/run/call';
import { decoding } from './coding';
import type { AnswerReader } from './formats/answer-reader';
import type { Answer } from './formats/codec';

/** A connection whose answer is whole serves the next call, if it ends by then; one that is left open is closed. */
const LAST_BYTES_MS = 100;

/**
 * Passes the text of each part on as it comes.
 *
 * @param open makes the request; the signal of the call it is given ends it
 * @returns the whole answer
 */
export async function readAnswer<Part>(
  open: (call: Call) => AsyncIterable<Part>,
  reader: AnswerReader<Part>,
  call: Call,
): Promise<Answer> {
  const tell = (text: string) => {
    if (text !== '') call.onText?.(text);
  };
  const hangUp = new AbortController();
  let hangUpTimer: NodeJS.Timeout | undefined;
  try {
    for await (const part of open({ ...call, signal: AbortSignal.any([call.signal, hangUp.signal]) })) {
      if (hangUpTimer) continue;
      // Parts that came together are still there after an abort.
      call.signal.throwIfAborted();
      const text = decoding(call, () => reader.read(part));
      if (text !== undefined) {
        call.progress();
        tell(text);
      }
      if (!reader.isWhole) continue;
      call.signal.throwIfAborted();
      hangUpTimer = setTimeout(() => hangUp.abort(), LAST_BYTES_MS);
    }
  } catch (error) {
    // What becomes of the connection then is nothing of the answer.
    if (!hangUpTimer) throw error;
  } finally {
    clearTimeout(hangUpTimer);
  }
  const { text, answer } = decoding(call, () => reader.end());
  tell(text);
  return answer;
}
