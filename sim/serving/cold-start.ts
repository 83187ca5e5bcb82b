import { lognormal, type RandomStream } from '../kernel/random';

const STAGES = ['image-pull', 'weights-download', 'container-init', 'engine-init'] as const;

/** What happens before a copy serves: an instance, the container's image, the weights, the container, its engine. */
export type ColdStartStage = 'provision' | (typeof STAGES)[number];

/** From an instance that is up to a copy that serves. */
export interface ColdStartProfile {
  /** Median of each stage. Image and weights: as if each had the network to itself. */
  readonly stageSeconds: Readonly<Record<(typeof STAGES)[number], number>>;
  /** Coefficient of variation of a stage. */
  readonly variation: number;
}

/** Where a copy starts, and so which stages it is spared. */
export interface StartSite {
  /** Until the instance is up; 0 for one that is. */
  readonly provisionSeconds: number;
  readonly hasImage: boolean;
  readonly hasWeights: boolean;
}

/** One stage of one start, in seconds since the start. */
export interface PlannedStage {
  readonly stage: ColdStartStage;
  readonly fromSeconds: number;
  readonly toSeconds: number;
}

/** Draws the course of one start; every start takes the same number of draws, wherever it is. */
export function planColdStart(profile: ColdStartProfile, site: StartSite, random: RandomStream): PlannedStage[] {
  const seconds = { ...profile.stageSeconds };
  for (const stage of STAGES) seconds[stage] = lognormal(random, seconds[stage], profile.variation);
  if (site.hasImage) seconds['image-pull'] = 0;
  if (site.hasWeights) seconds['weights-download'] = 0;

  const stages: PlannedStage[] = [];
  const plan = (stage: ColdStartStage, fromSeconds: number, lengthSeconds: number) => {
    if (lengthSeconds > 0) stages.push({ stage, fromSeconds, toSeconds: fromSeconds + lengthSeconds });
    return fromSeconds + lengthSeconds;
  };
  const provisioned = plan('provision', 0, site.provisionSeconds);
  const transfers = shareBandwidth(seconds['image-pull'], seconds['weights-download']);
  const transferred = Math.max(
    plan('image-pull', provisioned, transfers[0]),
    plan('weights-download', provisioned, transfers[1]),
  );
  const container = plan('container-init', transferred, seconds['container-init']);
  plan('engine-init', container, seconds['engine-init']);
  return stages;
}

/**
 * How long two transfers take side by side, each on half the bandwidth until the shorter is through. Equal sharing
 * predicts 154 s for weights that take 77 s alone, where AWS measured 168 s beside the image (launch post of container
 * caching, June 2026).
 */
function shareBandwidth(aloneA: number, aloneB: number): [number, number] {
  const both = aloneA + aloneB;
  return [Math.min(both, 2 * aloneA), Math.min(both, 2 * aloneB)];
}

/** How long a planned start takes. */
export function durationSeconds(stages: readonly PlannedStage[]): number {
  return Math.max(0, ...stages.map((stage) => stage.toSeconds));
}

/** The stage a start is in; of two side by side, the one that ends last. */
export function stageAt(stages: readonly PlannedStage[], elapsedSeconds: number): ColdStartStage | undefined {
  return stages
    .filter((stage) => stage.fromSeconds <= elapsedSeconds && elapsedSeconds < stage.toSeconds)
    .reduce<PlannedStage | undefined>(
      (last, stage) => (last && last.toSeconds >= stage.toSeconds ? last : stage),
      undefined,
    )?.stage;
}
