import type { CopyComparison, LatencyComparison } from './compare';
import type { Orchestration } from './orchestration';

/** What a validation found; with `--json` it is printed as it is. */
export interface Validation {
  readonly scenario: string;
  readonly speed: number;
  readonly seed: number;
  readonly requests: number;
  readonly worldSeconds: number;
  /** As measured, in the world's milliseconds; the simulation has as much. */
  readonly orchestration: Orchestration;
  readonly latencies: readonly LatencyComparison[];
  readonly copies: readonly CopyComparison[];
  /** Failed requests, and how often each fault came on the live side. */
  readonly errors: {
    readonly live: number;
    readonly simulated: number;
    readonly faults: Readonly<Record<string, number>>;
  };
  /** Of the P95, as a share. */
  readonly tolerance: number;
  /** Empty if the two sides agree. */
  readonly disagreements: readonly string[];
}

/** Copies may be so far apart. */
const COPY_TOLERANCE = 1;

/** Share of the requests by which the failed ones may differ: a run that is close to its time limit falls on either side. */
const ERROR_TOLERANCE = 0.01;

/** What is outside of the tolerances. */
export function disagreementsOf(found: Omit<Validation, 'disagreements'>): string[] {
  const { latencies, copies, errors, requests, tolerance } = found;
  const p95 = latencies.find(({ quantile }) => quantile === 0.95)!;
  const isWithin = Math.abs(p95.difference) <= tolerance;
  return [
    ...(isWithin ? [] : [`P95 is ${percent(p95.difference)} apart, and the tolerance is ${percent(tolerance, false)}`]),
    ...copies
      .filter(({ largestAligned }) => largestAligned > COPY_TOLERANCE)
      .map(({ component, of, largestAligned }) => `copies of ${component} (${WORDS[of]}) are ${largestAligned} apart`),
    ...(Math.abs(errors.live - errors.simulated) <= ERROR_TOLERANCE * requests
      ? []
      : [`${errors.live} requests failed live, and ${errors.simulated} simulated`]),
  ];
}

const WORDS = { inService: 'in service', desired: 'desired' } as const;

/** For people. */
export function formatValidation(validation: Validation): string {
  const { scenario, speed, seed, requests, worldSeconds, orchestration, errors, disagreements, tolerance } = validation;
  return `${[
    `${scenario}: ${requests} requests in ${minutes(worldSeconds)} of the world, live at speed ${speed}, seed ${seed}`,
    `orchestration, measured with models that take no time: ${ms(orchestration.runMs)} a run and ${ms(orchestration.callMs)} a call of the world` +
      ` (${ms(orchestration.runMs / speed)} and ${ms(orchestration.callMs / speed)} real), given to the simulation`,
    '',
    row('latency', ['live', 'simulated', 'difference']),
    ...validation.latencies.map(({ quantile, liveMs, simulatedMs, difference }) =>
      row(`P${quantile * 100}`, [seconds(liveMs), seconds(simulatedMs), percent(difference)]),
    ),
    row('failed', [String(errors.live), String(errors.simulated), '']),
    ...Object.entries(errors.faults).map(([fault, count]) => `  ${count} x ${fault}`),
    '',
    row('copies over time', ['most live', 'most sim.', 'mean diff.', 'largest', 'aligned']),
    ...validation.copies.map(({ component, of, mostLive, mostSimulated, mean, largest, largestAligned }) =>
      row(`${component}, ${WORDS[of]}`, [
        String(mostLive),
        String(mostSimulated),
        mean.toFixed(2),
        String(largest),
        String(largestAligned),
      ]),
    ),
    '',
    ...disagreements.map((each) => `disagrees: ${each}`),
    ...(disagreements.length > 0
      ? []
      : [`agrees: P95 within ${percent(tolerance, false)}, copies within ${COPY_TOLERANCE}`]),
  ].join('\n')}\n`;
}

const NAME_WIDTH = 32;
const CELL_WIDTH = 16;

const row = (name: string, cells: readonly string[]): string =>
  (name.padEnd(NAME_WIDTH) + cells.map((cell) => cell.padStart(CELL_WIDTH)).join('')).trimEnd();

const ms = (value: number): string => `${value.toFixed(1)} ms`;
const seconds = (valueMs: number): string => (Number.isFinite(valueMs) ? `${(valueMs / 1000).toFixed(2)} s` : 'failed');
const minutes = (valueSeconds: number): string => `${(valueSeconds / 60).toFixed(1)} min`;
const percent = (share: number, isSigned = true): string =>
  Number.isFinite(share) ? `${isSigned && share > 0 ? '+' : ''}${(share * 100).toFixed(1)} %` : 'not comparable';
