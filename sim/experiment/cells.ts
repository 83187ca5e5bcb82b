import type { WarmPolicyName } from '../../core/warm';
import type { HpaModel } from '../control/hpa';
import type { KpaModel } from '../control/kpa';
import type { ScalingModel } from '../control/scaling-model';
import type { WorldModel } from '../world/world-model';
import type { FixedCopies } from './fixed-copies';
import { clairvoyantPolicy } from './policies/clairvoyant';
import { prewarmPolicy } from './policies/prewarm';
import { tunerPolicy } from './policies/tuner';
import type { Policy } from './policy';
import type { Levels } from './result';
import { type TrainedScaling, withScaling } from './trained-scaling';

/** How a static fleet was sized: from the training span, with hindsight, or to what the modular deployment spends. */
export type StaticFleet = 'peak' | 'p99' | 'p95' | 'mean' | 'best' | 'isocost';

export type StaticFleets = Readonly<Record<StaticFleet, FixedCopies>>;

export const STATIC_FLEETS: readonly StaticFleet[] = ['peak', 'p99', 'p95', 'mean', 'best', 'isocost'];

/** What targets are trained for: target tracking alone, or a deployment that knows the future. */
export type Trained = 'tracking' | 'clairvoyant';

export type TrainedScalings = Readonly<Record<Trained, TrainedScaling>>;

/** One way to run the same requests. */
export interface Cell {
  /** Unique and short. */
  readonly cell: string;
  readonly title: string;
  /** Of the four factors; only `capacity` for what is no cell of the factorial. */
  readonly levels: Levels;
  /** Cannot be deployed: shown for comparison only. */
  readonly isReference: boolean;
  readonly isSequential: boolean;
  /** Absent where copies scale. */
  readonly fleet?: StaticFleet;
  readonly rule?: HpaModel | KpaModel;
  /** Runs at targets that were trained, in place of the scenario's. */
  readonly trained?: Trained;
  readonly prewarming: WarmPolicyName;
  readonly tuned: boolean;
  readonly clairvoyant: boolean;
  /** Mechanisms of the tuner that are left out. */
  readonly without?: readonly ('forecastFloor' | 'burstGuard')[];
  /** What only a full experiment runs. */
  readonly isAblation?: boolean;
}

/** The factors of the experiment; the second level of each is the project's. */
export const FACTORS = {
  capacity: ['static', 'modular'],
  graph: ['sequential', 'parallel'],
  prewarming: ['none', 'prewarmed'],
  targets: ['fixed', 'tuned'],
} as const;

/** What the factorial warms with; see `core/warm`. */
export const PREWARMING: WarmPolicyName = 'entry';

/** The factorial's static fleet: what a team without autoscaling sizes for its P95 demand. */
const FACTORIAL_FLEET: StaticFleet = 'p95';

const PLAIN = {
  isReference: false,
  isSequential: false,
  prewarming: 'none',
  tuned: false,
  clairvoyant: false,
} as const;

const MODULAR = { ...PLAIN, levels: { capacity: 'modular' }, prewarming: PREWARMING, tuned: true } as const;

/** The horizontal pod autoscaler with its defaults. */
const HPA: HpaModel = {
  kind: 'hpa',
  periodSeconds: 15,
  publicationLagSeconds: 15,
  tolerance: 0.1,
  scaleDownStabilizationSeconds: 300,
};

/** The Knative autoscaler with its defaults. */
const KPA: KpaModel = {
  kind: 'kpa',
  periodSeconds: 2,
  publicationLagSeconds: 1,
  stableWindowSeconds: 60,
  panicWindowShare: 0.1,
  panicThreshold: 2,
  utilization: 0.7,
  maxScaleUpRate: 1000,
  maxScaleDownRate: 2,
  scaleToZeroGraceSeconds: 30,
};

/** The whole deployment that this project makes. */
export const MODULAR_CELL = 'modular';

function factorial(): Cell[] {
  return FACTORS.capacity.flatMap((capacity) =>
    FACTORS.graph.flatMap((graph) =>
      FACTORS.prewarming.flatMap((prewarming) =>
        FACTORS.targets.map((targets): Cell => {
          const levels = { capacity, graph, prewarming, targets };
          const parts = [
            graph,
            ...(prewarming === 'none' ? [] : [prewarming]),
            ...(targets === 'fixed' ? [] : [targets]),
          ];
          const isWhole = capacity === 'modular' && parts.join() === 'parallel,prewarmed,tuned';
          return {
            ...PLAIN,
            cell: isWhole ? MODULAR_CELL : `${capacity} ${parts.join('+')}`,
            title: isWhole ? 'Modular: parallel, pre-warmed, tuned' : `${capacity}, ${parts.join(', ')}`,
            levels,
            isSequential: graph === 'sequential',
            ...(capacity === 'static' && { fleet: FACTORIAL_FLEET }),
            prewarming: prewarming === 'none' ? 'none' : PREWARMING,
            tuned: targets === 'tuned',
          };
        }),
      ),
    ),
  );
}

function baselines(): Cell[] {
  const statics = STATIC_FLEETS.map(
    (fleet): Cell => ({
      ...PLAIN,
      cell: `static@${fleet}`,
      title: `Static, ${SIZED[fleet]}`,
      levels: { capacity: 'static' },
      fleet,
    }),
  );
  const modular = (cell: string, title: string, rest: Partial<Cell>): Cell => ({
    ...PLAIN,
    cell,
    title,
    levels: { capacity: 'modular' },
    ...rest,
  });
  return [
    ...statics,
    modular('tracking@trained', 'Target tracking, its targets from a load test', { trained: 'tracking' }),
    modular('hpa', 'Kubernetes HPA, at the targets of the scenario', { rule: HPA }),
    modular('kpa', 'Knative KPA, at the targets of the scenario', { rule: KPA }),
    modular('oracle', 'Clairvoyant: knows every request to come, at the highest targets that meet the objective', {
      clairvoyant: true,
      trained: 'clairvoyant',
      isReference: true,
    }),
    {
      ...MODULAR,
      cell: 'modular -forecast floor',
      title: 'Modular without forecast floor',
      without: ['forecastFloor'],
      isAblation: true,
    },
    {
      ...MODULAR,
      cell: 'modular -burst guard',
      title: 'Modular without burst guard',
      without: ['burstGuard'],
      isAblation: true,
    },
  ];
}

const SIZED: Readonly<Record<StaticFleet, string>> = {
  peak: 'sized for peak demand',
  p99: 'sized for P99 demand',
  p95: 'sized for P95 demand',
  mean: 'sized for mean demand',
  best: 'the cheapest that meets the objective, with hindsight',
  isocost: 'at the spend of modular',
};

/** Every cell: the factorial of 16, and what it is measured against. */
export const CELLS: readonly Cell[] = [...factorial(), ...baselines()];

/** What decides the outcome of a cell: cells with equal keys need one run between them. */
export function keyOf(cell: Cell, fleets: StaticFleets): string {
  const { isSequential, prewarming, tuned, clairvoyant, rule, trained = null, without = [] } = cell;
  const copies = fixedCopiesOf(cell, fleets);
  // Nothing is cold, and nothing scales, where every copy runs for good.
  if (copies) return JSON.stringify(['static', copies, isSequential]);
  return JSON.stringify([isSequential, prewarming, tuned, clairvoyant, rule?.kind ?? null, trained, without]);
}

export function policiesOf({ fleet, prewarming, tuned, clairvoyant, without = [] }: Cell): Policy[] {
  if (fleet) return [];
  const mechanisms = Object.fromEntries(without.map((mechanism) => [mechanism, false]));
  return [
    ...(prewarming === 'none' ? [] : [prewarmPolicy(prewarming)]),
    ...(tuned ? [tunerPolicy({ mechanisms })] : []),
    ...(clairvoyant ? [clairvoyantPolicy()] : []),
  ];
}

/**
 * The world of a cell: the scenario's, but for what scales its inference components.
 *
 * @throws Error if the cell runs at trained targets, and none are given
 */
export function worldOf({ cell, rule, trained }: Cell, world: WorldModel, scalings?: TrainedScalings): WorldModel {
  if (trained) {
    if (!scalings) throw new Error(`cell ${cell} runs at trained targets, and the experiment was prepared without any`);
    return withScaling(world, scalings[trained]);
  }
  if (!rule) return world;
  const components = Object.entries(world.components).map(([name, component]) => [
    name,
    component.kind === 'inference-component' ? { ...component, scaling: ruledBy(rule, component.scaling) } : component,
  ]);
  return { ...world, components: Object.fromEntries(components) };
}

/**
 * HPA keeps at least one copy: none needs the feature gate HPAScaleToZero.
 *
 * @see https://kubernetes.io/docs/reference/command-line-tools-reference/feature-gates/
 */
function ruledBy(rule: HpaModel | KpaModel, scaling: ScalingModel): ScalingModel {
  const minCopies = rule.kind === 'hpa' ? Math.max(1, scaling.minCopies) : scaling.minCopies;
  return { ...scaling, minCopies, rule };
}

/**
 * Absent where copies scale.
 *
 * @throws Error if the cell has a static fleet, and none are sized
 */
export function fixedCopiesOf({ cell, fleet }: Cell, fleets?: StaticFleets): FixedCopies | undefined {
  if (fleet && !fleets) throw new Error(`cell ${cell} has a static fleet, and the experiment was prepared without any`);
  return fleet && fleets?.[fleet];
}

/** @throws Error if there is none */
export function cellNamed(name: string): Cell {
  const cell = CELLS.find((each) => each.cell === name);
  if (cell) return cell;
  throw new Error(`there is no cell ${name}; there are: ${CELLS.map((each) => each.cell).join(', ')}`);
}
