import type { RandomStream } from '../kernel/random';
import { type Quantile, quantileFunction } from './draw';
import type { Sessions } from './synthetic';

/** Evenly spread probabilities by which a mean is taken. */
const STEPS = 10_000;

/** Requests in a session on average. */
export function meanTurns({ turns }: Sessions): number {
  const quantile = quantileFunction(turns);
  let sum = 0;
  for (let step = 0; step < STEPS; step++) sum += turnsAt(quantile, (step + 0.5) / STEPS);
  return sum / STEPS;
}

/**
 * All requests of the sessions that start at these moments, in no order. A request that would come after the end comes
 * as much after the start instead, in place of those of sessions begun before it: the load neither rises at the start
 * nor falls at the end.
 */
export function expandSessions(
  startUs: readonly number[],
  { turns, thinkSeconds }: Sessions,
  durationUs: number,
  random: RandomStream,
): number[] {
  const uniform = () => random.uniform() + 2 ** -33;
  const [turnsQuantile, thinkQuantile] = [quantileFunction(turns), quantileFunction(thinkSeconds)];
  const arrivals: number[] = [];
  for (const start of startUs) {
    let arrivalUs = start;
    for (let left = turnsAt(turnsQuantile, uniform()); left > 0; left--) {
      arrivals.push(arrivalUs % durationUs);
      arrivalUs += Math.round(thinkQuantile(uniform()) * 1e6);
    }
  }
  return arrivals;
}

function turnsAt(quantile: Quantile, probability: number): number {
  return Math.max(1, Math.round(quantile(probability)));
}
