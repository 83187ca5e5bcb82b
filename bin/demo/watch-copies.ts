import type { CopyState, World } from '../../local/world';

/** What a component was doing. */
export type Stage = 'pending' | Extract<CopyState, { readonly status: 'starting' }>['stage'];

/** In seconds of the world since the watch began. */
export interface StageSpan {
  readonly stage: Stage;
  readonly fromSeconds: number;
  readonly toSeconds: number;
}

/** Of the first copy of a component. */
export interface ObservedStart {
  /** Of the component, such as `sagemaker/writer`. */
  readonly id: string;
  readonly stages: readonly StageSpan[];
  /** From the moment it was asked for until it served. */
  readonly coldStartSeconds: number;
}

/** Often enough to be within a second of the world. */
const LOOK_MS = 5;

/** Watches how the first copy of each component starts. @returns ends the watch */
export function watchStarts(world: World, onLook: (elapsedSeconds: number) => void): () => ObservedStart[] {
  const beganAtMs = world.clock.now();
  const seconds = () => (world.clock.now() - beganAtMs) / 1000;
  const seen = world.models.map(() => [] as { stage: Stage; fromSeconds: number; toSeconds: number }[]);
  const look = () => {
    const atSeconds = seconds();
    world.models.forEach((model, at) => {
      const first = model.state.copies[0];
      const stages = seen[at]!;
      if (!first || model.copiesInService > 0) return;
      const stage = first.status === 'starting' ? first.stage : 'pending';
      const last = stages.at(-1);
      const toSeconds = atSeconds + (first.status === 'starting' ? first.remainingSeconds : 0);
      if (last) last.toSeconds = last.stage === stage ? toSeconds : atSeconds;
      if (last?.stage !== stage) stages.push({ stage, fromSeconds: atSeconds, toSeconds });
    });
    onLook(atSeconds);
  };
  const watch = setInterval(look, LOOK_MS);
  return () => {
    clearInterval(watch);
    return world.models.map(({ id }, at) => {
      const stages = seen[at]!;
      const coldStartSeconds = (stages.at(-1)?.toSeconds ?? 0) - (stages[0]?.fromSeconds ?? 0);
      return { id, stages, coldStartSeconds };
    });
  };
}
