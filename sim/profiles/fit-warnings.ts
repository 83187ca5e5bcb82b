import type { EngineLimits } from './fit';
import type { ReplayErrors } from './latency-errors';
import type { ServedRequest } from './replay';

/** A level of concurrency counts as seen from this share of the time that the copy was busy. */
const SEEN_SHARE = 0.05;

/** Concurrency levels, each the double of the one below, that tell fixed time, sequences and context apart. */
const LEVELS_NEEDED = 3;

/** Sizes of a batch that differ by no more than this share count as one; clocks of logs blur them. */
const SAME_SIZE = 0.1;

/** From here on a profile is wrong rather than rough. */
const POOR_MAPE = 0.1;

/** What a log cannot tell about the copy that served it, with the remedy. Looks at the log until `untilMs`. */
export function fitWarnings(
  requests: readonly ServedRequest[],
  untilMs: number,
  limits: EngineLimits,
  heldBack: ReplayErrors,
): string[] {
  const { msAt, largestContext } = occupancy(requests, untilMs);
  const largest = msAt.length - 1;
  const busyMs = msAt.reduce((sum, ms) => sum + ms, 0);
  const shareWhere = (holds: (size: number) => boolean) =>
    msAt.reduce((sum, ms, size) => sum + (holds(size) ? ms : 0), 0) / busyMs;

  const warnings: string[] = [];
  const levels = Array.from({ length: Math.floor(Math.log2(Math.max(1, largest))) + 1 }, (_, i) => 2 ** i);
  const seen = levels.filter((from) => shareWhere((size) => size >= from && size < 2 * from) >= SEEN_SHARE);
  if (seen.length < LEVELS_NEEDED) {
    const names = seen.map((from) => (from === 1 ? '1' : `${from} to ${2 * from - 1}`)).join(', ');
    warnings.push(
      `fewer than three concurrency levels were seen (${names} sequences): the constants hold near these levels only; ` +
        'log the copy at low, medium and high load',
    );
  }
  const median = medianSize(msAt, busyMs);
  const sameShare = shareWhere((size) => Math.abs(size - median) <= SAME_SIZE * median);
  if (sameShare > 0.5) {
    warnings.push(
      `the batch hardly varied: ${percent(sameShare)} of the time it was within ${percent(SAME_SIZE)} of ${median} ` +
        'sequences, so base, perSequence and perContextToken cannot be told apart; log the copy at other loads too',
    );
  }
  if (largest > (1 + SAME_SIZE) * limits.maxSequences) {
    warnings.push(
      `${largest} sequences decoded at once, more than maxSequences ${limits.maxSequences} allows; ` +
        'give the limit that the engine ran with, and one copy to a log',
    );
  }
  if (limits.kvCacheTokens === Infinity) {
    warnings.push(
      `kvCacheTokens is not known, so copies never wait for cache; the log held up to ${Math.round(largestContext)} ` +
        'tokens; give the size that the engine printed at its start',
    );
  } else if (largestContext < limits.kvCacheTokens) {
    warnings.push(
      `the KV cache was never full (${Math.round(largestContext)} of ${limits.kvCacheTokens} tokens): how the copy ` +
        'waits for cache is untested; log it with longer prompts',
    );
  }
  if (heldBack.endToEnd.mape > POOR_MAPE) {
    warnings.push(
      `requests of the held-back half are missed by ${percent(heldBack.endToEnd.mape)} on average: do not use this ` +
        `profile; check maxSequences, maxStepTokens and that one copy served the whole log (largest batch: ${largest})`,
    );
  }
  return warnings;
}

/** Time spent at each number of decoding sequences, and the most tokens of context that were expected at once. */
function occupancy(requests: readonly ServedRequest[], untilMs: number) {
  const changes = requests
    .flatMap(({ arrivalMs, firstTokenMs, doneMs, promptTokens, outputTokens }) => {
      const context = promptTokens + outputTokens / 2;
      return [
        { atMs: arrivalMs + firstTokenMs, sequences: 1, context },
        { atMs: arrivalMs + doneMs, sequences: -1, context: -context },
      ];
    })
    .filter(({ atMs }) => atMs <= untilMs)
    .sort((a, b) => a.atMs - b.atMs || a.sequences - b.sequences);

  const msAt: number[] = [0];
  let size = 0;
  let context = 0;
  let largestContext = 0;
  for (const [i, change] of changes.entries()) {
    size += change.sequences;
    context += change.context;
    largestContext = Math.max(largestContext, context);
    const forMs = (changes[i + 1]?.atMs ?? change.atMs) - change.atMs;
    // A request of one token is done as it starts, and its end may be sorted ahead.
    if (size > 0) msAt[size] = (msAt[size] ?? 0) + forMs;
  }
  return { msAt: Array.from(msAt, (ms) => ms ?? 0), largestContext };
}

function medianSize(msAt: readonly number[], busyMs: number): number {
  let ms = 0;
  return msAt.findIndex((at) => {
    ms += at;
    return ms >= busyMs / 2;
  });
}

const percent = (share: number) => `${Math.round(share * 100)} %`;
