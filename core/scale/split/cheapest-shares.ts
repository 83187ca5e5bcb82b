import { clamp } from '../numbers';
import type { ShareMap, ShareTrials } from './share-trials';

/** A share that is to be chosen. What its component costs by it is `weight² / (share - idleMs)`, and something more. */
export interface PricedShare {
  /** No number of copies keeps a share as short as this. */
  readonly idleMs: number;
  readonly weight: number;
  /** Within these bounds: beyond the longest nothing is saved. */
  readonly shortestMs: number;
  readonly longestMs: number;
}

/** Each halves how far the direction is off, and what parallel branches swing about the point where both count. */
const MOST_ROUNDS = 6;

/** A round that changes the cost by a smaller share is the last: draws are not as exact. */
const SETTLED = 1e-3;

/** What hardly ever decides the P95 may take long, but not for ever. */
const LEAST_SENSITIVITY = 0.01;

/**
 * The shares that need the cheapest copies while the P95 of whole requests meets the objective.
 *
 * At the optimum a millisecond of the whole P95 costs the same wherever it is spent (Karush-Kuhn-Tucker conditions), so
 * that `share - idleMs` is as `weight / sqrt(sensitivity)`: for stages in series that is the closed form of `splitSeries`.
 * Sensitivities depend on the shares, so this is repeated, with half a step at a time, until the cost rests; the cheapest
 * round counts.
 *
 * @param priced the shares to be chosen, by component
 * @param others shares that stay
 * @param start shares of all from which to begin
 * @returns the chosen ones; undefined if no copies are enough
 */
export function cheapestShares(
  trials: ShareTrials,
  priced: ReadonlyMap<string, PricedShare>,
  others: ShareMap,
  start: ShareMap,
): ShareMap | undefined {
  let loads = nextLoads(undefined, priced, trials, start);
  let best: { readonly shares: ShareMap; readonly cost: number } | undefined;
  let lastCost = Infinity;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const shares = longestWithin(trials, priced, others, loads);
    if (shares === undefined) return undefined;
    const cost = loadCost(priced, shares);
    if (best === undefined || cost < best.cost) best = { shares, cost };
    if (Math.abs(lastCost - cost) < SETTLED * cost) break;
    lastCost = cost;
    loads = nextLoads(loads, priced, trials, new Map([...others, ...shares]));
  }
  return best?.shares;
}

/** Shares that grow along a direction from those of idle copies on, until the objective is just met. */
function longestWithin(
  trials: ShareTrials,
  priced: ReadonlyMap<string, PricedShare>,
  others: ShareMap,
  loads: ShareMap,
): ShareMap | undefined {
  const sharesAt = (factor: number) =>
    new Map(
      [...priced].map(([component, { idleMs, shortestMs, longestMs }]) => [
        component,
        clamp(idleMs + factor * loads.get(component)!, shortestMs, longestMs),
      ]),
    );
  const factor = trials.largestFactor((each) => new Map([...others, ...sharesAt(each)]));
  return factor === undefined ? undefined : sharesAt(factor);
}

/** Of the same length each: their sum is the objective. */
function nextLoads(
  loads: ShareMap | undefined,
  priced: ReadonlyMap<string, PricedShare>,
  trials: ShareTrials,
  shares: ShareMap,
): ShareMap {
  const sensitivities = trials.sensitivities(shares);
  const wanted = new Map(
    [...priced].map(([component, { weight }]) => {
      const sensitivity = Math.max(sensitivities.get(component) ?? 0, LEAST_SENSITIVITY);
      return [component, weight / Math.sqrt(sensitivity)];
    }),
  );
  const sized = ofLength(wanted, trials.objectiveMs);
  if (loads === undefined) return sized;
  const between = new Map([...sized].map(([component, ms]) => [component, Math.sqrt(ms * loads.get(component)!)]));
  return ofLength(between, trials.objectiveMs);
}

function ofLength(loads: ShareMap, length: number): ShareMap {
  const sum = [...loads.values()].reduce((total, ms) => total + ms, 0);
  return new Map([...loads].map(([component, ms]) => [component, (ms * length) / sum]));
}

function loadCost(priced: ReadonlyMap<string, PricedShare>, shares: ShareMap): number {
  return [...priced].reduce((sum, [component, { idleMs, weight }]) => {
    return sum + weight ** 2 / (shares.get(component)! - idleMs);
  }, 0);
}
