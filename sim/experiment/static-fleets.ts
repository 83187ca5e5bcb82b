import { DAY_US } from '../kernel/time-units';
import { Timeline } from '../kernel/timeline';
import { quantile } from '../statistics/quantile';
import type { RequestList } from '../workload/request-list';
import { sliceDays } from '../workload/span';
import { synthesize } from '../workload/synthesize';
import { World } from '../world/world';
import { type ComponentLoad, componentLoads } from './component-loads';
import type { Scenario } from './scenario';
import { score } from './score';
import { simulate } from './simulate';

/** Not even the largest fleet that was tried meets the objective. */
export class NoStaticFleetError extends RangeError {
  override readonly name = 'NoStaticFleetError';
}

/** Copies of each inference component, for good. */
export type FixedCopies = Readonly<Record<string, number>>;

/** By which demand of the training span a static fleet is sized: a quantile over windows of ten minutes, or their mean. */
export type SizingDemand = 'peak' | 'p99' | 'p95' | 'mean';

const WINDOW_US = 600e6;

/** Requests of the steady load that a size is tried on. */
const TRIAL_REQUESTS = 3000;

/** Sizes a fleet is tried at, from the load of copies at their knee to so many times that. */
const MOST_HEADROOM = 16;

/** After so long a fixed fleet is as busy as if it had always run. */
const FILLING_US = 3600e6;

/** Relative error that a spend may have: it must not ask for one copy more. */
const ROUNDING = 1e-9;

/**
 * The smallest fleet that meets the objective while requests come at the rate of a demand of the training span.
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

/** With hindsight, the smallest fleet that meets the objective on the very span that is scored: the strongest static one. */
export function bestStatic(scenario: Scenario, seed: number): FixedCopies {
  const requests = synthesize(scenario.workload, seed);
  const scoreFromUs = scenario.trainingDays * DAY_US;
  const isEnough = (copies: FixedCopies) => meets(scenario, requests, copies, seed, scoreFromUs);
  const loads = componentLoads(scenario, requests, seed);
  const meanRps = requests.count / (requests.durationUs / 1e6);
  let copies = smallestFleet(scenario, loads, meanRps, isEnough);
  // One copy less of any component, the dearest first, as long as that is enough.
  const byWork = [...loads].sort((a, b) => b.copySecondsPerRequest - a.copySecondsPerRequest);
  for (const { component } of byWork) {
    for (;;) {
      const fewer = { ...copies, [component]: (copies[component] ?? 0) - 1 };
      if (fewer[component]! < 1 || !isEnough(fewer)) break;
      copies = fewer;
    }
  }
  return copies;
}

/** The smallest fleet, split by work, that costs at least so much an hour. */
export function staticFor(scenario: Scenario, usdPerHour: number, seed: number): FixedCopies {
  const requests = synthesize(scenario.workload, seed);
  const loads = componentLoads(scenario, requests, seed);
  for (let rps = 0; ; rps += 0.25 / largest(loads)) {
    const copies = fleetAt(scenario, loads, rps);
    if (usdPerHourOf(scenario, copies) >= usdPerHour * (1 - ROUNDING)) return copies;
  }
}

/** What the instances of a fixed fleet cost an hour. */
export function usdPerHourOf({ world }: Pick<Scenario, 'world'>, fixedCopies: FixedCopies): number {
  const timeline = new Timeline();
  const built = new World(world, { timeline, seed: 0, fixedCopies });
  return [...built.fleets.values()].reduce((sum, fleet) => sum + fleet.costUsd(0, 3600e6), 0);
}

function smallestFleet(
  scenario: Scenario,
  loads: readonly ComponentLoad[],
  rps: number,
  isEnough: (copies: FixedCopies) => boolean,
): FixedCopies {
  const fleets = fleetsBetween(scenario, loads, 0, rps * MOST_HEADROOM);
  let low = 0;
  let high = fleets.length - 1;
  if (!isEnough(fleets[high]!)) {
    throw new NoStaticFleetError(
      `no static fleet meets ${scenario.objective.p95Ms} ms at ${rps.toFixed(2)} requests a second, not even one of ${show(fleets[high]!)}: raise objective.p95Ms, or lower the work of the nodes`,
    );
  }
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isEnough(fleets[middle]!)) high = middle;
    else low = middle + 1;
  }
  return fleets[low]!;
}

/** Every fleet on the way from one rate to another, each with one copy more than the one before. */
function fleetsBetween(scenario: Scenario, loads: readonly ComponentLoad[], fromRps: number, toRps: number) {
  const fleets = [fleetAt(scenario, loads, fromRps)];
  const steps = loads.flatMap(({ copySecondsPerRequest }) => {
    const most = Math.ceil(toRps * copySecondsPerRequest);
    return Array.from({ length: most }, (_, copies) => (copies + 1e-9) / copySecondsPerRequest);
  });
  steps.sort((a, b) => a - b);
  for (const rps of steps) {
    const fleet = fleetAt(scenario, loads, rps);
    if (show(fleet) !== show(fleets.at(-1)!)) fleets.push(fleet);
  }
  return fleets;
}

/** Copies at their knee for a rate; at least one of each, as a static fleet has no other way to answer. */
function fleetAt({ world }: Pick<Scenario, 'world'>, loads: readonly ComponentLoad[], rps: number): FixedCopies {
  const copies = new Map(
    loads.map((load) => [load.component, Math.max(1, Math.ceil(rps * load.copySecondsPerRequest - 1e-12))]),
  );
  const fixed = Object.entries(world.components).filter(([, { kind }]) => kind === 'inference-component');
  return Object.fromEntries(fixed.map(([name]) => [name, copies.get(name) ?? 1]));
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

function largest(loads: readonly ComponentLoad[]): number {
  return Math.max(...loads.map(({ copySecondsPerRequest }) => copySecondsPerRequest));
}

const show = (copies: FixedCopies) =>
  Object.entries(copies)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ');
