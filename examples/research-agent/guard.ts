import { NO_ANSWER } from './prompts';
import type { Verdict } from './schemas';

/** Stands where a sentence was left out. */
const OMISSION = ' […]';

/** What is said of one sentence; undefined if the check of it was lost. */
type Checked = Verdict | undefined;

/**
 * Passes on the sentences that are supported, in their order, each as soon as it has been checked. One whose check was lost
 * counts as unsupported: what nobody has checked is not told.
 *
 * @param sentences and verdicts on them, in the same order
 */
export async function* supported(
  sentences: AsyncIterable<string>,
  verdicts: AsyncIterable<Checked>,
): AsyncGenerator<string, void, undefined> {
  let isFirst = true;
  for await (const { sentence, isSupported } of pairs(sentences, verdicts)) {
    const text = isSupported ? sentence : OMISSION;
    yield isFirst ? text.trimStart() : text;
    isFirst = false;
  }
  if (isFirst) yield NO_ANSWER;
}

/** The sentences that are not passed on. */
export function dropped(sentences: readonly string[], verdicts: readonly Checked[]): string[] {
  return sentences.filter((_, i) => !verdicts[i]?.supported).map((sentence) => sentence.trim());
}

async function* pairs(sentences: AsyncIterable<string>, verdicts: AsyncIterable<Checked>) {
  const read = verdicts[Symbol.asyncIterator]();
  for await (const sentence of sentences) {
    const { value } = await read.next();
    yield { sentence, isSupported: value?.supported === true };
  }
}
