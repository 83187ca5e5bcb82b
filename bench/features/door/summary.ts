import { median, quantile } from '../../statistics.ts';
import type { DoorLatency } from './latency-cell.ts';
import type { LoadRound } from './load-cell.ts';

export const MIB = 2 ** 20;

/** Of each pair of requests, bare and through the door, the difference until the first part of the text. */
export function addedFirstMs({ bare, through }: DoorLatency): { readonly p50Ms: number; readonly p95Ms: number } {
  const added = through.firstMs.map((ms, i) => ms - bare.firstMs[i]!);
  return { p50Ms: median(added), p95Ms: quantile(added, 0.95) };
}

/** How the heap grows with each token that is read, by least squares over the middle of a round, where all streams are open. */
export function heapBytesPerToken({ samples, tokens }: LoadRound): number {
  const middle = samples.filter((sample) => sample.tokens > tokens * 0.2 && sample.tokens < tokens * 0.8);
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const meanTokens = mean(middle.map((sample) => sample.tokens));
  const meanBytes = mean(middle.map(({ heapBytes }) => heapBytes));
  let covariance = 0;
  let variance = 0;
  for (const sample of middle) {
    covariance += (sample.tokens - meanTokens) * (sample.heapBytes - meanBytes);
    variance += (sample.tokens - meanTokens) ** 2;
  }
  return covariance / variance;
}

/** What is left on the heap after the last round beside the first. */
export function heapGrowthMiB(rounds: readonly LoadRound[]): number {
  return (rounds.at(-1)!.end.heapBytes - rounds[0]!.end.heapBytes) / MIB;
}
