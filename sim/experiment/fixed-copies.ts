import { HOUR_US } from '../kernel/time-units';
import { Timeline } from '../kernel/timeline';
import { World } from '../world/world';
import type { Scenario } from './scenario';

/** Copies of each inference component, for good. */
export type FixedCopies = Readonly<Record<string, number>>;

/** What the instances of a fixed fleet cost an hour. */
export function usdPerHourOf({ world }: Pick<Scenario, 'world'>, fixedCopies: FixedCopies): number {
  const timeline = new Timeline();
  const built = new World(world, { timeline, seed: 0, fixedCopies });
  return [...built.fleets.values()].reduce((sum, fleet) => sum + fleet.costUsd(0, HOUR_US), 0);
}

/** Relative error that a spend may have: it must not ask for one copy more. */
const ROUNDING = 1e-9;

/** Whether one spend reaches another, however both were rounded. */
export function isAtLeast(usd: number, otherUsd: number): boolean {
  return usd >= otherUsd * (1 - ROUNDING);
}
