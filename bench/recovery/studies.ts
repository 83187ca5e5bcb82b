import { ABLATIONS, COOLDOWNS, KEPT_COPIES, NOTHING } from './ablations.ts';
import { LOADS } from './loads.ts';
import { measureStep, type StepFigures } from './steps.ts';
import { measureWrongTarget, type WrongTargetFigures } from './targets.ts';
import { measureThroughput, type ThroughputFigures } from './throughput.ts';
import { measureWorth, type WorthFigures } from './worth.ts';

/** All that is measured. */
export interface RecoveryFigures {
  readonly steps: readonly StepFigures[];
  readonly targets: readonly WrongTargetFigures[];
  readonly worth: readonly WorthFigures[];
  readonly throughput: readonly ThroughputFigures[];
}

/** A part of a study that a process of its own does. */
export interface Task {
  readonly study: keyof RecoveryFigures;
  /** What of it: a factor, a load, a scenario. */
  readonly of: string;
  readonly seed: number;
}

const STEP_FACTORS = [3, 10] as const;
const TARGET_FACTORS = [0.25, 0.5, 1, 2, 4] as const;

/** Scenarios in which a rate is searched for. */
const SEARCHED = ['review', 'occasional'] as const;

/** A search in `review` takes some ten runs of twenty CPU seconds each. */
const SEARCHED_SEEDS = 3;

/** What is left alone differs from seed to seed by its load only: once is enough. */
const SEED_LEFT_ALONE = 1;

/** What a load without models at zero may miss. */
const ALWAYS_ON = [...Object.keys(ABLATIONS).filter((name) => name !== KEPT_COPIES), COOLDOWNS];

export function tasksOf(seeds: readonly number[]): Task[] {
  const each = (study: Task['study'], of: string | number, mostSeeds = Infinity): Task[] =>
    seeds.slice(0, mostSeeds).map((seed) => ({ study, of: String(of), seed }));
  return [
    ...SEARCHED.flatMap((scenario) => each('throughput', scenario, SEARCHED_SEEDS)),
    ...Object.entries(LOADS).flatMap(([load, { mostSeeds }]) => each('worth', load, mostSeeds)),
    ...TARGET_FACTORS.flatMap((factor) => each('targets', factor)),
    ...STEP_FACTORS.flatMap((factor) => each('steps', factor)),
  ];
}

export async function measure({ study, of, seed }: Task): Promise<Partial<RecoveryFigures>> {
  switch (study) {
    case 'steps':
      return { steps: measureStep(Number(of), seed) };
    case 'targets': {
      const alone = seed === SEED_LEFT_ALONE ? [false] : [];
      return { targets: [true, ...alone].map((isTuned) => measureWrongTarget(Number(of), isTuned, seed)) };
    }
    case 'worth': {
      const { without = ALWAYS_ON } = LOADS[of]!;
      return { worth: [NOTHING, ...without].map((name) => measureWorth(of, name, seed)) };
    }
    case 'throughput':
      return { throughput: [await measureThroughput(of, seed)] };
  }
}
