import { type CopyDemand, copiesAt, copyDemands, deploymentOf, ratesOf } from './copy-demand';
import type { Deployment } from './deployment';
import type { InstanceOffer } from './instance-offers';
import type { PlannedSystem } from './planned-system';
import type { Span } from './spans';
import { type TrialResult, tryDeployment } from './trial';

/** A deployment, and what it did with the requests by which it was tuned. */
export interface Candidate {
  readonly deployment: Deployment;
  readonly result: TrialResult;
}

export interface SearchOptions {
  readonly system: PlannedSystem;
  /** All of which every component fits. */
  readonly offers: readonly InstanceOffer[];
  /** Requests, and the seed of all that is drawn for them. */
  readonly span: Span;
  readonly seed: number;
  /** The P95 that is aimed at: below the objective, so that other days meet it too. */
  readonly aimMs: number;
  /** Told what is being done. */
  readonly onStep: (step: string) => void;
}

/** Target concurrency as a share of that at the throughput knee. */
const TARGET_LEVELS = [0.1, 0.2, 0.35, 0.5, 0.75, 1];

/** Minimums as multiples of the peak demand, which is one over ten minutes: bursts of seconds need far more. */
const USUAL_TIMES_PEAK = 1.5;
const BURST_TIMES_PEAK = [3, 6, 12, 24, 48, 96];

interface Setting {
  readonly min: number;
  readonly target: number;
}

type Minimums = Readonly<Record<string, number>>;

type Settings = Readonly<Record<string, Setting>>;

/**
 * Every deployment that was tried: for each instance type, minimums for four levels of demand, and for each of them the
 * highest target that meets the aim, by bisection. Where none does, the first of higher minimums that does. From the cheapest of these on, one setting after another is relaxed as
 * long as that is cheaper and meets the aim.
 */
export function search(options: SearchOptions): Candidate[] {
  const { system, offers, span, aimMs, onStep } = options;
  const tried = new Map<string, Candidate>();
  const attempt = (offer: InstanceOffer, settings: Settings): Candidate => {
    const key = JSON.stringify([offer.type, settings]);
    const known = tried.get(key);
    if (known) return known;
    onStep(`${offer.type}, deployment ${tried.size + 1}`);
    const deployment = deploymentOf(offer, settings);
    const candidate = { deployment, result: tryDeployment(system, deployment, span, options.seed) };
    tried.set(key, candidate);
    return candidate;
  };

  for (const offer of offers) {
    const demands = copyDemands(system, offer, span.requests);
    const isEnough = (minimums: Minimums) =>
      highestLevel((level) => attempt(offer, settingsAt(demands, minimums, level)).result.p95Ms <= aimMs);
    const enough = minimumLevels(demands, span).filter(isEnough);
    if (enough.length === 0) burstLevels(demands, span).some(isEnough);
  }
  const best = cheapest([...tried.values()], aimMs);
  if (best) relax(best, copyDemands(system, best.deployment.offer, span.requests), attempt, aimMs);
  return [...tried.values()];
}

/** The cheapest whose P95 is at most this. */
export function cheapest(candidates: readonly Candidate[], p95Ms: number): Candidate | undefined {
  return candidates
    .filter(({ result }) => result.p95Ms <= p95Ms)
    .reduce<Candidate | undefined>(
      (best, each) => (best && best.result.usdPerMonth <= each.result.usdPerMonth ? best : each),
      undefined,
    );
}

/** One copy of each; copies for the mean, the 95th percentile and the peak of demand, and half as many again. */
function minimumLevels(demands: readonly CopyDemand[], { requests }: Span): Minimums[] {
  const { mean, p95, peak } = ratesOf(requests);
  const levels = [0, mean, p95, USUAL_TIMES_PEAK * peak].map((rate) => copiesAt(demands, rate));
  return [...new Map(levels.map((level) => [JSON.stringify(level), level])).values()];
}

function burstLevels(demands: readonly CopyDemand[], { requests }: Span): Minimums[] {
  const { peak } = ratesOf(requests);
  return BURST_TIMES_PEAK.map((times) => copiesAt(demands, times * peak));
}

function settingsAt(demands: readonly CopyDemand[], minimums: Minimums, level: number): Settings {
  return Object.fromEntries(
    demands.map(({ component, kneeConcurrency }) => [
      component,
      { min: minimums[component]!, target: targetAt(kneeConcurrency, level) },
    ]),
  );
}

function targetAt(kneeConcurrency: number, level: number): number {
  return Math.max(1, Math.round(kneeConcurrency * TARGET_LEVELS[level]!));
}

/**
 * Tries levels until the highest that is good is known: a higher target means fewer copies, and so longer latencies.
 *
 * @returns whether one is
 */
function highestLevel(isGood: (level: number) => boolean): boolean {
  let low = 0;
  let high = TARGET_LEVELS.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (isGood(middle)) low = middle + 1;
    else high = middle - 1;
  }
  return high >= 0;
}

/** One component after another, those first whose copies do most: fewer copies at rest, none, then a higher target. */
function relax(
  from: Candidate,
  demands: readonly CopyDemand[],
  attempt: (offer: InstanceOffer, settings: Settings) => Candidate,
  aimMs: number,
): void {
  const { offer, copies } = from.deployment;
  let best = from;
  let settings: Settings = Object.fromEntries(
    Object.entries(copies).map(([name, { min, targetConcurrency }]) => [name, { min, target: targetConcurrency }]),
  );
  const isBetter = (component: string, change: Partial<Setting>): boolean => {
    const changed = { ...settings, [component]: { ...settings[component]!, ...change } };
    const candidate = attempt(offer, changed);
    const { p95Ms, usdPerMonth } = candidate.result;
    if (p95Ms > aimMs || usdPerMonth >= best.result.usdPerMonth) return false;
    best = candidate;
    settings = changed;
    return true;
  };
  const byWork = demands.toSorted((a, b) => b.copySecondsPerRequest - a.copySecondsPerRequest);
  for (const { component, kneeConcurrency } of byWork) {
    while (settings[component]!.min > 0 && isBetter(component, { min: settings[component]!.min - 1 }));
    for (const level of TARGET_LEVELS.keys()) {
      const target = targetAt(kneeConcurrency, level);
      if (target > settings[component]!.target && !isBetter(component, { target })) break;
    }
  }
}
