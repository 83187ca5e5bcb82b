import { partitionPoint } from '../kernel/partition-point';
import { HOUR_US } from '../kernel/time-units';
import { quantile } from '../statistics/quantile';
import type { RequestList } from '../workload/request-list';
import { sliceDays } from '../workload/span';
import { synthesize } from '../workload/synthesize';
import { type ComponentLoad, componentLoads } from './component-loads';
import { type FixedCopies, isAtLeast, usdPerHourOf } from './fixed-copies';
import { byWorkPerCopy, cheaperSplits, fleetsByPrice } from './paid-room';
import { type Scenario, trainingUs } from './scenario';
import { score } from './score';
import { simulate } from './simulate';

/** Not even the largest fleet that was tried meets the objective. */
export class NoStaticFleetError extends RangeError {
  override readonly name = 'NoStaticFleetError';
}

/** By which demand of the training span a static fleet is sized: a quantile over windows of ten minutes, or their mean. */
export type SizingDemand = 'peak' | 'p99' | 'p95' | 'mean';

const WINDOW_US = 600e6;

/** Requests of the steady load that a size is tried on. */
const TRIAL_REQUESTS = 3000;

/** Sizes a fleet is tried at, from the load of copies at their knee to so many times that. */
const MOST_HEADROOM = 16;

/** After so long a fixed fleet is as busy as if it had always run. */
const FILLING_US = HOUR_US;

/**
 * The cheapest fleet that meets the objective while requests come at the rate of a demand of the training span.
 *
 * Copies are split over the components by the work that requests bring them; only their total is searched, so that a
 * sizing is what an engineer with a load test could do.
 */
export function sizeStatic(scenario: Scenario, demand: SizingDemand, seed: number): FixedCopies {
  const training = sliceDays(synthesize(scenario.workload, seed), 0, scenario.trainingDays);
  const rps = demandOf(training, demand);
  const { hourFactors: _hours, dayFactors: _days, spikes: _spikes, ...rest } = scenario.workload;
  const steady = {
    ...rest,
    days: TRIAL_REQUESTS / rps / 86_400,
    meanRatePerSecond: rps,
    hourFactors: Array<number>(24).fill(1),
  };
  const trial = synthesize(steady, seed);
  return smallestFleet(scenario, componentLoads(scenario, training, seed), rps, (copies) =>
    meets(scenario, trial, copies, seed, 0),
  );
}

/**
 * With hindsight, the cheapest fleet that meets the objective on the very span that is scored: the strongest static one.
 * Splits other than by work are tried too, for what they save.
 */
export function bestStatic(scenario: Scenario, seed: number): FixedCopies {
  const requests = synthesize(scenario.workload, seed);
  const scoreFromUs = trainingUs(scenario);
  const tried = new Map<string, boolean>();
  const isEnough = (copies: FixedCopies) => {
    const known = tried.get(show(copies)) ?? meets(scenario, requests, copies, seed, scoreFromUs);
    tried.set(show(copies), known);
    return known;
  };
  const loads = componentLoads(scenario, requests, seed);
  const meanRps = requests.count / (requests.durationUs / 1e6);
  let copies = smallestFleet(scenario, loads, meanRps, isEnough);
  for (;;) {
    const cheaper = cheaperSplits(scenario, loads, copies).find(isEnough);
    if (!cheaper) return copies;
    copies = cheaper;
  }
}

/** The cheapest fleet, split by work, that costs at least so much an hour. */
export function staticFor(scenario: Scenario, usdPerHour: number, seed: number): FixedCopies {
  const requests = synthesize(scenario.workload, seed);
  let copies: FixedCopies = {};
  for (copies of fleetsByPrice(scenario, componentLoads(scenario, requests, seed))) {
    if (isAtLeast(usdPerHourOf(scenario, copies), usdPerHour)) break;
  }
  return copies;
}

function smallestFleet(
  scenario: Scenario,
  loads: readonly ComponentLoad[],
  rps: number,
  isEnough: (copies: FixedCopies) => boolean,
): FixedCopies {
  const fleets: FixedCopies[] = [];
  for (const copies of fleetsByPrice(scenario, loads)) {
    fleets.push(copies);
    const [busiest] = byWorkPerCopy(loads, copies);
    if (busiest && rps * MOST_HEADROOM * busiest.copySecondsPerRequest <= copies[busiest.component]!) break;
  }
  const smallest = fleets[partitionPoint(fleets.length - 1, (at) => !isEnough(fleets[at]!))]!;
  if (smallest === fleets.at(-1) && !isEnough(smallest)) {
    throw new NoStaticFleetError(
      `no static fleet meets ${scenario.objective.p95Ms} ms at ${rps.toFixed(2)} requests a second, not even one of ${show(smallest)}: raise objective.p95Ms, or lower the work of the nodes`,
    );
  }
  return smallest;
}

function meets(
  scenario: Scenario,
  requests: RequestList,
  fixedCopies: FixedCopies,
  seed: number,
  scoreFromUs: number,
): boolean {
  const startUs = Math.max(0, scoreFromUs - FILLING_US);
  const outcome = simulate({ scenario, world: scenario.world, requests, seed, scoreFromUs, startUs, fixedCopies });
  const { p95Ms } = score(outcome, requests.durationUs - scoreFromUs, scenario.objective.p95Ms).row;
  return p95Ms !== null && p95Ms <= scenario.objective.p95Ms;
}

function demandOf({ arrivalUs, count, durationUs }: RequestList, demand: SizingDemand): number {
  const windows = new Float64Array(Math.max(1, Math.floor(durationUs / WINDOW_US)));
  for (let request = 0; request < count; request++) {
    const at = Math.min(windows.length - 1, Math.floor(arrivalUs[request]! / WINDOW_US));
    windows[at]! += 1e6 / WINDOW_US;
  }
  if (demand === 'mean') return count / (durationUs / 1e6);
  return Math.max(quantile(windows, { peak: 1, p99: 0.99, p95: 0.95 }[demand]), 1e6 / WINDOW_US);
}

const show = (copies: FixedCopies) =>
  Object.entries(copies)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ');
