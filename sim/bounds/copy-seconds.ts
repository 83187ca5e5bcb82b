import type { CopyProfile, Work } from '../serving/copy-profile';

/** Of a copy: most calls that are in its batch at once. */
export interface BatchLimit {
  readonly copy: CopyProfile;
  readonly maxConcurrencyPerCopy?: number;
}

/**
 * The least time of a copy that a call takes, in seconds, whatever it shares the batch with: its own tokens, and for each
 * token after the first a share of a step that is as full as the batch may be.
 *
 * A copy's time is the sum of its steps. What a step takes beside its fixed time is a sum over the tokens in it, and so
 * belongs to the calls; and as no step decodes more than one token of each of so many sequences, there are at least as
 * many steps as tokens over sequences. Prompts, which take steps too, a cache that is full before the batch is, and work
 * that is done anew only add to it.
 */
export function leastCopySeconds(
  { copy: { stepSeconds, maxSequences }, maxConcurrencyPerCopy = Infinity }: BatchLimit,
  { promptTokens, outputTokens }: Work,
): number {
  const { base, perPromptToken, perSequence, perContextToken } = stepSeconds;
  const decodeSteps = outputTokens - 1;
  const context = promptTokens + decodeSteps / 2;
  const fixedShare = base / Math.min(maxSequences, maxConcurrencyPerCopy);
  return perPromptToken * promptTokens + decodeSteps * (fixedShare + perSequence + perContextToken * context);
}
