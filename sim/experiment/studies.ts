import { breakEvenDiscount } from '../statistics/break-even';
import { mean } from '../statistics/moments';
import { tornado } from '../statistics/tornado';
import { cellNamed, MODULAR_CELL } from './cells';
import { type Experiment, runCell } from './experiment';
import { SHARE_IN_TIME } from './objective';
import { withStaticFleets } from './preparation';
import type { Region, ResultRow, SensitivityRow, ThroughputRow } from './result';
import type { Scenario } from './scenario';
import { NoStaticFleetError } from './static-fleets';
import type { Variation } from './variations';

/** What a full experiment adds: each takes many more runs. */
export interface Studies {
  readonly throughput?: readonly ThroughputRow[];
  readonly sensitivity?: readonly SensitivityRow[];
  readonly staticWins?: readonly Region[];
  /** What the sensitivity has no row for, and why. */
  readonly leftOut?: readonly string[];
}

type Endpoint = SensitivityRow['on'];

/** Of a variation, or of the scenario as it is: modular over static, less 1. */
export interface VariationOutcome {
  /** Null unless both sides meet the objective. */
  readonly costChange: number | null;
  /** Null if too many requests failed on a side. */
  readonly p95Change: number | null;
  /** Why an endpoint is null. */
  readonly lacking: Readonly<Partial<Record<Endpoint, string>>>;
}

/** Seeds that a variation is tried with. */
const STUDY_SEEDS = [1, 2, 3] as const;

/** Sizes static anew and compares, over a few seeds: every assumption is the same on both sides. */
export function tryVariation(scenario: Scenario): VariationOutcome {
  const experiment = preparedIfStatic(scenario);
  if (!experiment) {
    const why = 'no static fleet meets the objective';
    return {
      costChange: null,
      p95Change: null,
      lacking: { 'cost at equal objective': why, 'p95 at equal spend': why },
    };
  }
  const runs = (cell: string) => experiment.seeds.map((seed) => runCell(experiment, cellNamed(cell), seed).row);
  const modular = runs(MODULAR_CELL);
  const best = runs('static@best');
  const isocost = runs('static@isocost');
  const missing = namesOf({ modular, 'static@best': best }, (rows) => !isInTime(rows));
  const unreached = namesOf({ modular, 'static@isocost': isocost }, (rows) => rows.some(({ p95Ms }) => p95Ms === null));
  const ratio = (of: readonly ResultRow[], against: readonly ResultRow[], on: 'costUsd' | 'p95Ms') =>
    mean(of.map((row) => row[on]!)) / mean(against.map((row) => row[on]!)) - 1;
  return {
    costChange: missing === '' ? ratio(modular, best, 'costUsd') : null,
    p95Change: unreached === '' ? ratio(modular, isocost, 'p95Ms') : null,
    lacking: {
      ...(missing !== '' && { 'cost at equal objective': `the objective is missed by ${missing}` }),
      ...(unreached !== '' && { 'p95 at equal spend': `too many requests failed for a P95 of ${unreached}` }),
    },
  };
}

function namesOf(rowsOf: Readonly<Record<string, readonly ResultRow[]>>, is: (rows: readonly ResultRow[]) => boolean) {
  return Object.keys(rowsOf)
    .filter((cell) => is(rowsOf[cell]!))
    .join(' and ');
}

const isInTime = (rows: readonly ResultRow[]) => mean(rows.map(({ attainment }) => attainment)) >= SHARE_IN_TIME;

/** Undefined if no static fleet meets the objective. */
function preparedIfStatic(scenario: Scenario): Experiment | undefined {
  try {
    return withStaticFleets({ scenario, seeds: STUDY_SEEDS, isFull: false, seriesPoints: 1 });
  } catch (error) {
    if (error instanceof NoStaticFleetError) return undefined;
    throw error;
  }
}

const ENDPOINTS: readonly Endpoint[] = ['cost at equal objective', 'p95 at equal spend'];

/** Endpoints and assumptions for which there is no row, with the reason. */
export function leftOut(
  base: VariationOutcome,
  outcomes: readonly { readonly variation: Variation; readonly outcome: VariationOutcome }[],
): string[] {
  return ENDPOINTS.flatMap((on) => {
    const asAssumed = base.lacking[on];
    if (asAssumed !== undefined) return [`${on}, all of it: as assumed, ${asAssumed}`];
    return outcomes.flatMap(({ variation: { parameter, value }, outcome }) => {
      const why = outcome.lacking[on];
      return why === undefined ? [] : [`${on}, ${parameter}: at ${value} ${why}`];
    });
  });
}

export function sensitivityRows(
  base: VariationOutcome,
  outcomes: readonly { readonly variation: Variation; readonly outcome: VariationOutcome }[],
): SensitivityRow[] {
  const parameters = [...new Set(outcomes.map(({ variation }) => variation.parameter))];
  return ENDPOINTS.flatMap((on) => {
    const of = ({ costChange, p95Change }: VariationOutcome) => (on === 'p95 at equal spend' ? p95Change : costChange);
    const rows = parameters.flatMap((parameter) => {
      const at = (isLow: boolean) =>
        outcomes.find(({ variation }) => variation.parameter === parameter && variation.isLow === isLow);
      const low = at(true);
      const high = at(false);
      const values = [low && of(low.outcome), of(base), high && of(high.outcome)];
      if (!low || !high || values.some((value) => value === null || value === undefined)) return [];
      const [valueAtLow, valueAtBase, valueAtHigh] = values as [number, number, number];
      return [
        {
          parameter,
          low: low.variation.value,
          base: '',
          high: high.variation.value,
          valueAtLow,
          valueAtBase,
          valueAtHigh,
        },
      ];
    });
    return tornado(rows).map(
      ({ parameter, low, high, valueAtLow, valueAtBase, valueAtHigh }): SensitivityRow => ({
        parameter,
        on,
        low,
        high,
        changeAtLow: valueAtLow,
        changeAtBase: valueAtBase,
        changeAtHigh: valueAtHigh,
      }),
    );
  });
}

export function regionOf(name: string, { costChange, p95Change, lacking }: VariationOutcome): Region {
  const cost =
    costChange === null
      ? `no comparison at equal objective: ${lacking['cost at equal objective']}`
      : costChange > 0
        ? `static is ${percent(costChange / (1 + costChange))} cheaper at equal objective`
        : `modular is ${percent(-costChange)} cheaper at equal objective`;
  const p95 =
    p95Change === null
      ? `none at equal spend: ${lacking['p95 at equal spend']}`
      : p95Change > 0
        ? `at equal spend its P95 is ${percent(p95Change)} above that of static`
        : `at equal spend its P95 is ${percent(-p95Change)} below that of static`;
  return { name, finding: `${cost}; ${p95}`, costChange, p95Change };
}

/** The committed-use discount from which on a static fleet is cheaper, when modular commits to nothing. */
export function discountRegion(staticUsd: number, modularUsd: number): Region {
  const discount = breakEvenDiscount({ staticUsd, modularUsd, modularFloorUsd: 0 });
  const finding =
    discount === 0
      ? 'static is cheaper without any discount'
      : `static is cheaper from a committed-use discount of ${percent(discount)} on, if modular commits to nothing`;
  return { name: 'committed-use discounts', finding, costChange: modularUsd / staticUsd - 1, p95Change: null };
}

const percent = (share: number) => `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;
