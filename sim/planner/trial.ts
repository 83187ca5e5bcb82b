import type { FixedCopies } from '../experiment/fixed-copies';
import { score } from '../experiment/score';
import { simulate } from '../experiment/simulate';
import { type Deployment, worldOf } from './deployment';
import type { PlannedSystem } from './planned-system';
import type { Span } from './spans';

/** What a deployment did with the requests of a span. */
export interface TrialResult {
  /** Infinity if more than one in twenty requests failed. */
  readonly p95Ms: number;
  readonly usdPerMonth: number;
  /** Most of each component, and of the fleet, at any look. */
  readonly peakCopies: Readonly<Record<string, number>>;
  readonly peakInstances: number;
  /** Of the requests that count. */
  readonly errorShare: number;
  /** Share that met a component without a copy. */
  readonly coldShare: number;
}

/** An average month, https://docs.aws.amazon.com/pricing-calculator/latest/userguide/. */
const HOURS_PER_MONTH = 730;

/** How often copies and instances are counted. */
const LOOK_US = 30e6;

/** @param fixedCopies for a fleet that does not scale */
export function tryDeployment(
  system: PlannedSystem,
  deployment: Deployment,
  { requests, scoreFromUs }: Span,
  seed: number,
  fixedCopies?: FixedCopies,
): TrialResult {
  const spanUs = requests.durationUs - scoreFromUs;
  const outcome = simulate({
    scenario: system,
    world: worldOf(system, deployment),
    requests,
    seed,
    scoreFromUs,
    seriesPoints: Math.max(1, Math.ceil(spanUs / LOOK_US)),
    ...(fixedCopies ? { fixedCopies } : { initialCopies: oneOfEach(system) }),
  });
  const { row } = score(outcome, spanUs, system.objective.p95Ms);
  const { instances = [], components = [] } = outcome.series ?? {};
  return {
    p95Ms: row.p95Ms ?? Infinity,
    usdPerMonth: (row.costUsd / (spanUs / 3600e6)) * HOURS_PER_MONTH,
    peakCopies: Object.fromEntries(components.map(({ component, desired }) => [component, largest(desired)])),
    peakInstances: largest(instances),
    errorShare: row.errors / Math.max(1, row.requests),
    coldShare: row.coldShare,
  };
}

function oneOfEach({ hosted }: PlannedSystem): Record<string, number> {
  return Object.fromEntries(hosted.map(({ name }) => [name, 1]));
}

const largest = (counts: readonly number[]) => counts.reduce((most, count) => Math.max(most, count), 0);
