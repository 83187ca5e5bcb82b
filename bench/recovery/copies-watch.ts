import type { Policy } from '../../sim/experiment/policy.ts';

/** Columns over time: what was there at the end of each look. */
export interface Watched {
  /** Copies in service, of all models. */
  readonly copies: number[];
  /** Concurrent requests per copy that each model's policy holds, by name. */
  readonly targets: Readonly<Record<string, number[]>>;
}

/** Looks at a world at even intervals, from the outside. */
export function copiesWatch(
  lookUs: number,
  models: readonly string[],
): { readonly watched: Watched; readonly policy: Policy } {
  const watched: Watched = { copies: [], targets: Object.fromEntries(models.map((name) => [name, []])) };
  const policy: Policy = ({ timeline, world }) => {
    const look = {
      act() {
        watched.copies.push(world.models.reduce((sum, { pool }) => sum + pool.inService, 0));
        for (const { name, autoscaler } of world.models) {
          if (autoscaler) watched.targets[name]?.push(autoscaler.targetConcurrency);
        }
        timeline.at(timeline.nowUs + lookUs, look);
      },
    };
    timeline.at(lookUs, look);
    return {};
  };
  return { watched, policy };
}
