import type { InferenceInstanceFacts } from '../../../core/serving/instance-facts';
import { memoryForCopiesMiB } from '../../../core/serving/memory-for-copies';
import { known } from '../../private/checks';
import type { CopyResources } from '../fleet-ref';

/** What a copy takes, or what an instance has for copies. */
export type Resources = Required<CopyResources>;

/** Copies of one size. */
export interface Copies {
  readonly count: number;
  readonly each: Resources;
}

const DIMENSIONS = ['accelerators', 'cpuCores', 'memoryMiB'] as const satisfies readonly (keyof Resources)[];

export function fits(copy: Resources, room: Resources): boolean {
  return DIMENSIONS.every((dimension) => copy[dimension] <= room[dimension]);
}

/** What a copy takes; undefined if some of it is known only at deployment. */
export function resourcesOf(resources: CopyResources): Resources | undefined {
  const { accelerators = 0, cpuCores = 0, memoryMiB } = resources;
  const each = { accelerators, cpuCores, memoryMiB };
  return Object.values(each).some((value) => known(value) === undefined) ? undefined : each;
}

/** What an instance has for copies. */
export function roomOf({ accelerators, vcpus, memoryGiB }: InferenceInstanceFacts): Resources {
  return { accelerators, cpuCores: vcpus, memoryMiB: memoryForCopiesMiB(memoryGiB) };
}

/** How many copies an instance holds that has nothing else. */
export function copiesThatFit(copy: Resources, room: Resources): number {
  const most = DIMENSIONS.map((of) => (copy[of] === 0 ? Number.POSITIVE_INFINITY : Math.floor(room[of] / copy[of])));
  return Math.min(...most);
}

export function totalOf(copies: readonly Copies[]): Resources {
  const sum = (dimension: keyof Resources) =>
    copies.reduce((total, { count, each }) => total + count * each[dimension], 0);
  return { accelerators: sum('accelerators'), cpuCores: sum('cpuCores'), memoryMiB: sum('memoryMiB') };
}

/**
 * Instances without which the copies cannot run, however they are placed. Each copy must fit on an instance.
 *
 * A bound from below: the sum of each resource, and the copies of which no two share an instance because each takes more
 * than half of it.
 */
export function leastInstances(copies: readonly Copies[], instance: Resources): number {
  const total = totalOf(copies);
  return Math.max(
    0,
    ...DIMENSIONS.flatMap((dimension) => {
      const alone = copies.filter(({ each }) => 2 * each[dimension] > instance[dimension]);
      const needed = total[dimension] === 0 ? 0 : Math.ceil(total[dimension] / instance[dimension]);
      return [needed, alone.reduce((sum, { count }) => sum + count, 0)];
    }),
  );
}

/**
 * Places copies on as few instances as first-fit decreasing finds: the largest first, each on the first instance with
 * room. Each copy must fit on an instance.
 *
 * How SageMaker places copies is not published; a greedy placement is the fair guess.
 *
 * @returns the copies on each instance
 */
export function pack(copies: readonly Copies[], instance: Resources): Resources[][] {
  const share = (copy: Resources) =>
    Math.max(...DIMENSIONS.map((of) => (copy[of] === 0 ? 0 : copy[of] / instance[of])));
  const instances: { readonly free: Record<keyof Resources, number>; readonly placed: Resources[] }[] = [];

  for (const { count, each } of copies.toSorted((a, b) => share(b.each) - share(a.each))) {
    for (let copy = 0; copy < count; copy += 1) {
      let target = instances.find(({ free }) => fits(each, free));
      if (target === undefined) {
        target = { free: { ...instance }, placed: [] };
        instances.push(target);
      }
      for (const dimension of DIMENSIONS) target.free[dimension] -= each[dimension];
      target.placed.push(each);
    }
  }
  return instances.map(({ placed }) => placed);
}
