import type { RunOutcome } from './simulate';

/**
 * Answered requests that count, and that did more or less work than they need.
 *
 * @param neededTokens of each request of the run
 */
export function misworked({ log, firstScored }: RunOutcome, neededTokens: Float64Array): number {
  let count = 0;
  for (let request = firstScored; request < neededTokens.length; request++) {
    const isAnswered = log.latencyUs[request]! < Infinity;
    if (isAnswered && log.tokens[request] !== neededTokens[request]) count++;
  }
  return count;
}
