import { type FixedCopies, usdPerHourOf } from '../experiment/fixed-copies';
import { type Deployment, worldOf } from './deployment';
import type { PlannedSystem } from './planned-system';
import { type Candidate, cheapest } from './search';
import type { Span } from './spans';
import { type StaticFleet, smallestStatic } from './static-fleet';
import { tryDeployment } from './trial';

/** Requests of the tuning half, and the seed of all that is drawn for them. */
export interface SeededSpan {
  readonly span: Span;
  readonly seed: number;
}

export interface Choice {
  readonly deployment: Deployment;
  /** The smallest that was found for the objective; undefined if there is none. */
  readonly staticFleet: StaticFleet | undefined;
}

/** A deployment over several spans. */
interface Checked {
  readonly deployment: Deployment;
  /** Of the worst span. */
  readonly p95Ms: number;
  readonly meanUsdPerMonth: number;
  readonly peakInstances: number;
}

/** Aims, as shares of the objective, for which the cheapest candidates are looked at again. */
const AIMS = [1, 0.9, 0.8, 0.7, 0.6];
const CANDIDATES_PER_AIM = 2;

/** Scaling must save so much: it is one more thing to watch, and savings vary from week to week. */
const LEAST_SAVING = 0.05;

/** Room above the most copies that were seen, for a day that is worse. */
const ROOM = 1.5;

/**
 * The cheapest of the candidates, and of static fleets, over requests that none of them was found by: what is cheapest on
 * the requests of the search owes that partly to chance.
 *
 * @param first what the candidates were found by
 * @param others by which they are compared
 */
export function choose(
  system: PlannedSystem,
  candidates: readonly Candidate[],
  first: SeededSpan,
  others: readonly SeededSpan[],
  onStep: (step: string) => void,
): Choice | undefined {
  const { p95Ms } = system.objective;
  const shortlist = shortlisted(candidates, p95Ms);
  const [leader] = shortlist;
  if (!leader) return undefined;

  const check = (deployment: Deployment, fixed?: FixedCopies): Checked => {
    const results = others.map(({ span, seed }) => tryDeployment(system, deployment, span, seed, fixed));
    return {
      deployment,
      p95Ms: Math.max(...results.map((result) => result.p95Ms)),
      meanUsdPerMonth: results.reduce((sum, { usdPerMonth }) => sum + usdPerMonth, 0) / results.length,
      peakInstances: Math.max(...results.map(({ peakInstances }) => peakInstances)),
    };
  };
  const checked = shortlist.map((candidate, at) => {
    onStep(`comparing, ${at + 1} of ${shortlist.length}`);
    return check(bounded(system, candidate));
  });

  const best = bestOf(checked, p95Ms);

  onStep('sizing the static fleet');
  for (const aim of AIMS) {
    const staticFleet = smallestStatic(system, leader.deployment.offer, first.span, first.seed, p95Ms * aim);
    if (!staticFleet) break;
    const fixed = check(staticFleet.deployment, staticFleet.copies);
    if (fixed.p95Ms > p95Ms) continue;
    const isWorth = best.p95Ms <= p95Ms && best.meanUsdPerMonth < (1 - LEAST_SAVING) * fixed.meanUsdPerMonth;
    const asIs = { ...staticFleet.deployment, maxInstances: fixed.peakInstances };
    return { deployment: isWorth ? best.deployment : asIs, staticFleet };
  }
  return { deployment: best.deployment, staticFleet: undefined };
}

function shortlisted(candidates: readonly Candidate[], p95Ms: number): Candidate[] {
  const shortlist = new Set<Candidate>();
  for (const aim of AIMS) {
    for (let place = 0; place < CANDIDATES_PER_AIM; place++) {
      const left = candidates.filter((candidate) => !shortlist.has(candidate));
      const next = cheapest(left, p95Ms * aim);
      if (next) shortlist.add(next);
    }
  }
  return [...shortlist];
}

/** The cheapest that meets the objective on every span; else the fastest. */
function bestOf(checked: readonly Checked[], p95Ms: number): Checked {
  const safe = checked.filter((each) => each.p95Ms <= p95Ms);
  return safe.length > 0
    ? safe.reduce((best, each) => (each.meanUsdPerMonth < best.meanUsdPerMonth ? each : best))
    : checked.reduce((best, each) => (each.p95Ms < best.p95Ms ? each : best));
}

/** Maximums with some room above what was seen, and instances for all of them at once. */
function bounded(system: PlannedSystem, { deployment, result }: Candidate): Deployment {
  const copies = Object.entries(deployment.copies).map(([name, settings]) => {
    const max = Math.max(settings.min, 1, Math.ceil(ROOM * result.peakCopies[name]!));
    return [name, { ...settings, max }] as const;
  });
  const most = Object.fromEntries(copies.map(([name, { max }]) => [name, max] as const));
  const together = usdPerHourOf({ world: worldOf(system, deployment) }, most) / deployment.offer.pricePerHourUsd;
  return {
    ...deployment,
    maxInstances: Math.max(Math.round(together), Math.ceil(ROOM * result.peakInstances)),
    copies: Object.fromEntries(copies),
  };
}
