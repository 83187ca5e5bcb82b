import { type FixedCopies, usdPerHourOf } from '../experiment/fixed-copies';
import { confidenceInterval, type Interval } from '../statistics/interval';
import { bestPossible } from './best-possible';
import { choose } from './choose';
import { copyDemands, ratesOf } from './copy-demand';
import { type Deployment, offersFor, worldOf } from './deployment';
import type { InstanceOffer } from './instance-offers';
import type { PlannedSystem } from './planned-system';
import { assertEnough, beyondTimeout, impossible, tooHard } from './refusals';
import { search } from './search';
import { counted, type PlanWorkload, type Span, scoredSpan, tuningSpan } from './spans';
import { staticFleet } from './static-fleet';
import { type TrialResult, tryDeployment } from './trial';

export interface PlanOptions {
  readonly system: PlannedSystem;
  readonly workload: PlanWorkload;
  readonly offers: readonly InstanceOffer[];
  /** Over which intervals are taken; at least 2. */
  readonly seeds: number;
  /** Told what is being done. */
  readonly onStep?: (step: string) => void;
}

/** A recommendation, and what is to be expected of it: means over seeds with their 95 % confidence intervals. */
export interface Plan {
  readonly objective: { readonly p95Ms: number };
  readonly deployment: Deployment;
  /** Most copies of each component in any seed. */
  readonly peakCopies: Readonly<Record<string, number>>;
  readonly usdPerMonth: Interval;
  /** Null where more than one request in twenty failed in some seed. */
  readonly p95Ms: Interval | null;
  /** Most instances at once, over seeds. */
  readonly instances: { readonly mean: number; readonly most: number };
  readonly coldShare: number;
  readonly errorShare: number;
  /** Seeds whose P95 is within the objective. */
  readonly seedsWithin: number;
  readonly seeds: number;
  /** Absent if none was found that meets the objective. */
  readonly staticFleet?: StaticPlan;
  readonly requestsPerSeed: number;
}

/** The same instances and the same objective, with copies that never change. */
export interface StaticPlan {
  readonly copies: FixedCopies;
  readonly instances: number;
  readonly usdPerMonth: Interval;
  readonly p95Ms: Interval | null;
  readonly seedsWithin: number;
}

/** Candidates are found by the first seed, and compared on the others; the plan is scored on seeds from 1. */
const SEARCH_SEED = 1000;
const COMPARISON_SEEDS = [1001, 1002, 1003, 1004];

/** What the search aims at, as a share of the objective. */
const AIM = 0.9;

/** Instance types that are simulated: those on which the mean demand costs least. */
const MOST_OFFERS = 3;

/**
 * Finds the cheapest deployment that meets an objective: found and chosen by the first half of the workload, scored on the second.
 *
 * @throws PlanError if a component fits no instance, the workload is too small, or nothing meets the objective
 */
export function makePlan({ system, workload, offers, seeds, onStep = () => {} }: PlanOptions): Plan {
  const { p95Ms } = system.objective;
  if (p95Ms > system.agent.timeoutMs) throw beyondTimeout(system);
  const fitting = offersFor(system, offers);
  if (workload.kind === 'trace') assertEnough(workload.requests.count, 'the whole');
  const scored = Array.from({ length: seeds }, (_, at) => scoredSpan(workload, at + 1));
  const tuning = (seed: number) => ({ span: tuningSpan(workload, seed), seed });
  const first = tuning(SEARCH_SEED);
  const others = COMPARISON_SEEDS.map(tuning);
  for (const span of [first.span, ...others.map((each) => each.span), ...scored]) assertEnough(counted(span), 'one');

  onStep('the shortest P95 there is');
  const best = bestPossible(system, fitting, first.span, first.seed);
  if (best.p95Ms > p95Ms) throw impossible(system, best);
  const cheap = cheapestOffers(system, fitting, first.span);
  const candidates = search({ system, offers: cheap, ...first, aimMs: p95Ms * AIM, onStep });
  const chosen = choose(system, candidates, first, others, onStep);
  if (!chosen) throw tooHard(system, candidates, best);

  const { deployment, staticFleet: fleet } = chosen;
  const score = (what: string, of: Deployment, fixed?: FixedCopies) =>
    scored.map((span, at) => {
      onStep(`${what}, seed ${at + 1} of ${seeds}`);
      return tryDeployment(system, of, span, at + 1, fixed);
    });
  const results = score('the plan', deployment);
  const ofStatic = fleet && score('the static fleet', fleet.deployment, fleet.copies);
  return {
    objective: system.objective,
    deployment,
    peakCopies: Object.fromEntries(system.hosted.map(({ name }) => [name, most(results, (r) => r.peakCopies[name]!)])),
    ...figuresOf(results, p95Ms),
    instances: { mean: mean(results, (r) => r.peakInstances), most: most(results, (r) => r.peakInstances) },
    coldShare: mean(results, (r) => r.coldShare),
    errorShare: mean(results, (r) => r.errorShare),
    seeds,
    ...(ofStatic && { staticFleet: staticPlan(fleet.copies, ofStatic, p95Ms) }),
    requestsPerSeed: Math.round(scored.reduce((sum, { requests }) => sum + requests.count, 0) / seeds),
  };
}

function staticPlan(copies: FixedCopies, results: readonly TrialResult[], p95Ms: number): StaticPlan {
  return { copies, instances: most(results, (result) => result.peakInstances), ...figuresOf(results, p95Ms) };
}

function figuresOf(results: readonly TrialResult[], objectiveMs: number) {
  const latencies = results.map((result) => result.p95Ms);
  return {
    usdPerMonth: confidenceInterval(results.map(({ usdPerMonth }) => usdPerMonth)),
    p95Ms: latencies.every(Number.isFinite) ? confidenceInterval(latencies) : null,
    seedsWithin: latencies.filter((latency) => latency <= objectiveMs).length,
  };
}

function cheapestOffers(system: PlannedSystem, offers: readonly InstanceOffer[], { requests }: Span): InstanceOffer[] {
  const rate = ratesOf(requests).mean;
  const priced = offers.map((offer) => {
    const { deployment, copies } = staticFleet(offer, copyDemands(system, offer, requests), rate);
    return { offer, usd: usdPerHourOf({ world: worldOf(system, deployment) }, copies) };
  });
  return priced
    .sort((a, b) => a.usd - b.usd)
    .slice(0, MOST_OFFERS)
    .map(({ offer }) => offer);
}

function mean(results: readonly TrialResult[], of: (result: TrialResult) => number): number {
  return results.reduce((sum, result) => sum + of(result), 0) / results.length;
}

function most(results: readonly TrialResult[], of: (result: TrialResult) => number): number {
  return Math.max(...results.map(of));
}
