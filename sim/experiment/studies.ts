import { breakEvenDiscount } from '../statistics/break-even';
import { tornado } from '../statistics/tornado';
import { cellNamed } from './cells';
import { type Experiment, prepareExperiment, runCell } from './experiment';
import type { Region, SensitivityRow, ThroughputRow } from './result';
import type { Scenario } from './scenario';
import { NoStaticFleetError } from './static-fleets';
import type { Variation } from './variations';

/** What a full experiment adds: each takes many more runs. */
export interface Studies {
  readonly throughput?: readonly ThroughputRow[];
  readonly sensitivity?: readonly SensitivityRow[];
  readonly staticWins?: readonly Region[];
  /** Assumptions, with their values, under which no static fleet meets the objective: there is nothing to compare with. */
  readonly withoutStatic?: readonly string[];
}

/** Of a variation, or of the scenario as it is: modular over static, less 1. The cost is null if no static fleet meets the objective. */
export interface VariationOutcome {
  readonly costChange: number | null;
  readonly p95Change: number | null;
}

/** Seeds that a variation is tried with. */
const STUDY_SEEDS = 3;

/** Sizes static anew and compares, over a few seeds: every assumption is the same on both sides. */
export function tryVariation(scenario: Scenario): VariationOutcome {
  const experiment = preparedIfStatic(scenario);
  if (!experiment) return { costChange: null, p95Change: null };
  const runs = (cell: string) => experiment.seeds.map((seed) => runCell(experiment, cellNamed(cell), seed).row);
  const modular = runs('modular');
  const best = runs('static@best');
  const isocost = runs('static@isocost');
  return {
    costChange: sum(modular.map(({ costUsd }) => costUsd)) / sum(best.map(({ costUsd }) => costUsd)) - 1,
    p95Change: ratio(
      modular.map(({ p95Ms }) => p95Ms),
      isocost.map(({ p95Ms }) => p95Ms),
    ),
  };
}

/** Undefined if no static fleet meets the objective. */
function preparedIfStatic(scenario: Scenario): Experiment | undefined {
  try {
    return prepareExperiment(scenario, { seeds: STUDY_SEEDS, seriesPoints: 1 });
  } catch (error) {
    if (error instanceof NoStaticFleetError) return undefined;
    throw error;
  }
}

/** Of the variations that no static fleet lives up to. */
export function withoutStatic(
  outcomes: readonly { readonly variation: Variation; readonly outcome: VariationOutcome }[],
): string[] {
  return outcomes.flatMap(({ variation: { parameter, value }, outcome }) =>
    outcome.costChange === null ? [`${parameter} ${value}`] : [],
  );
}

export function sensitivityRows(
  base: VariationOutcome,
  outcomes: readonly { readonly variation: Variation; readonly outcome: VariationOutcome }[],
): SensitivityRow[] {
  const parameters = [...new Set(outcomes.map(({ variation }) => variation.parameter))];
  return (['cost at equal objective', 'p95 at equal spend'] as const).flatMap((on) => {
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

export function regionOf(name: string, { costChange, p95Change }: VariationOutcome): Region {
  if (costChange === null) {
    return { name, finding: 'no static fleet meets the objective', costChange, p95Change };
  }
  const cost =
    costChange > 0
      ? `static is ${percent(costChange / (1 + costChange))} cheaper`
      : `modular is ${percent(-costChange)} cheaper`;
  const p95 =
    p95Change === null
      ? 'too many requests failed to compare the P95'
      : p95Change > 0
        ? `and at equal spend its P95 is ${percent(p95Change)} above that of static`
        : `and at equal spend its P95 is ${percent(-p95Change)} below that of static`;
  return { name, finding: `${cost} at equal objective, ${p95}`, costChange, p95Change };
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

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Of means, less 1; null if too many requests failed for one of them. */
function ratio(of: readonly (number | null)[], against: readonly (number | null)[]): number | null {
  if (of.includes(null) || against.includes(null)) return null;
  return sum(of as number[]) / sum(against as number[]) - 1;
}

const percent = (share: number) => `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;
