import type { Call } from '../../core/run/call';
import { decoding } from './coding';
import type { AnswerReader } from './formats/answer-reader';
import type { Answer } from './formats/codec';

/** Passes the text of each part on as it comes. @returns the whole answer */
export async function readAnswer<Part>(
  parts: AsyncIterable<Part>,
  reader: AnswerReader<Part>,
  call: Call,
): Promise<Answer> {
  const tell = (text: string) => {
    if (text !== '') call.onText?.(text);
  };
  for await (const part of parts) {
    // Parts that came together are still there after an abort.
    call.signal.throwIfAborted();
    const text = decoding(call, () => reader.read(part));
    if (text === undefined) continue;
    call.progress();
    tell(text);
  }
  const { text, answer } = decoding(call, () => reader.end());
  tell(text);
  return answer;
}
