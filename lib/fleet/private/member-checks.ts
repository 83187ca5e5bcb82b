import type { IConstruct } from 'constructs';
import { known, type Report, warn } from '../../private/checks';
import type { CopyResources, FleetMember } from '../fleet-ref';
import type { InferenceInstanceFacts, InferenceInstanceType } from '../instance-type';
import { type Copies, fits, leastInstances, pack, type Resources, totalOf } from './packing';

/**
 * Memory that copies cannot have because the host runs on it. AWS does not publish how much that is; this is the least
 * it can be, so that nothing is refused that SageMaker would accept.
 */
const HOST_MEMORY_MIB = 1024;

/** What a fleet has room for. */
export interface FleetRoom {
  readonly instanceTypes: readonly InferenceInstanceType[];
  readonly minInstances: number | undefined;
  readonly maxInstances: number | undefined;
}

/** What a member takes, where that is known. */
interface Claim {
  readonly path: string;
  readonly each: Resources;
  readonly minCopies: number;
}

interface Candidate {
  readonly name: string;
  readonly room: Resources;
}

/** Whether the components of a fleet fit on it. */
export function checkMembers(
  fleet: IConstruct,
  room: FleetRoom,
  members: readonly FleetMember[],
  report: Report,
): void {
  warnIfNeverZero(fleet, room, members);

  const claims = members.flatMap(claimOf);
  const candidates = room.instanceTypes.flatMap(({ name, facts }) => (facts ? [{ name, room: roomOf(facts) }] : []));
  if (claims.length === 0 || candidates.length === 0) return;

  // What fits nowhere is certain only if it is known what every type has.
  const allKnown = candidates.length === room.instanceTypes.length;
  const homeless = claims.filter(({ each }) => allKnown && !candidates.some(({ room }) => fits(each, room)));
  const others = claims.filter((claim) => !homeless.includes(claim));
  const maxInstances = room.maxInstances ?? Number.POSITIVE_INFINITY;

  reportTooLarge(homeless, candidates, report);
  if (allKnown && reportTooMany(others, candidates, maxInstances, report)) return;
  warnOfSmallTypes(fleet, candidates, others, maxInstances);
}

function reportTooLarge(claims: readonly Claim[], candidates: readonly Candidate[], report: Report): void {
  const types = candidates.map(({ name, room }) => `${name} with ${describe(room)}`).join('; ');
  for (const { path, each } of claims) {
    const message = `a copy takes ${describe(each)}, more than any instance has for copies (${types}): use a larger type`;
    report('fleet/copy-does-not-fit', path, message);
  }
}

function reportTooMany(
  claims: readonly Claim[],
  candidates: readonly Candidate[],
  maxInstances: number,
  report: Report,
): boolean {
  const copies = claims.map(({ each, minCopies }): Copies => ({ count: minCopies, each }));
  const least = leastInstances(copies, bestOf(candidates.map(({ room }) => room)));
  if (least <= maxInstances) return false;
  const message =
    `must be at least ${least} for the minimum copies of the components, which take ${describe(totalOf(copies))}, ` +
    `got: ${maxInstances}; raise it, lower the minimum copies or use a larger instance type`;
  report('fleet/minimum-copies-do-not-fit', 'maxInstances', message);
  return true;
}

function warnIfNeverZero(fleet: IConstruct, { minInstances }: FleetRoom, members: readonly FleetMember[]): void {
  if (minInstances !== 0) return;
  const kept = members.filter(({ resources, minCopies }) => resources !== undefined && (known(minCopies) ?? 0) >= 1);
  if (kept.length === 0) return;
  const paths = kept.map(({ path }) => path).join(', ');
  warn(
    fleet,
    'fleet/never-zero',
    `minInstances is 0, but the fleet never gets there, because copies always run (${paths}): scale these from 0, or say minInstances: 1`,
  );
}

/** Of the types on which, if no other can be had, the copies that run after the deployment find no room. */
function warnOfSmallTypes(
  fleet: IConstruct,
  candidates: readonly Candidate[],
  claims: readonly Claim[],
  maxInstances: number,
): void {
  // SageMaker refuses to create a component with 0 copies.
  const copies = claims.map(({ each, minCopies }): Copies => ({ count: Math.max(1, minCopies), each }));

  for (const { name, room } of candidates) {
    const tooLarge = claims.filter(({ each }) => !fits(each, room));
    if (tooLarge.length > 0) {
      const paths = tooLarge.map(({ path }) => path).join(', ');
      const message = `${name} has ${describe(room)} for copies, too little for one of ${paths}: on instances of this type it cannot run`;
      warn(fleet, 'fleet/type-too-small', message);
    } else {
      const least = leastInstances(copies, room);
      // So many copies need no packing to see that they are too many.
      const needed = least > maxInstances ? least : pack(copies, room).length;
      if (needed <= maxInstances) continue;
      const message =
        `if only ${name} can be had, the copies that run after the deployment, at least one of each component, ` +
        `need about ${needed} instances, more than maxInstances (${maxInstances}): raise it`;
      warn(fleet, 'fleet/tight', message);
    }
  }
}

function claimOf({ path, resources, minCopies }: FleetMember): Claim[] {
  const each = resources && resourcesOf(resources);
  const copies = known(minCopies);
  return each === undefined || copies === undefined ? [] : [{ path, each, minCopies: copies }];
}

function resourcesOf(resources: CopyResources): Resources | undefined {
  const { accelerators = 0, cpuCores = 0, memoryMiB } = resources;
  const each = { accelerators, cpuCores, memoryMiB };
  return Object.values(each).some((value) => known(value) === undefined) ? undefined : each;
}

function roomOf({ accelerators, vcpus, memoryGiB }: InferenceInstanceFacts): Resources {
  return { accelerators, cpuCores: vcpus, memoryMiB: memoryGiB * 1024 - HOST_MEMORY_MIB };
}

/** An instance as good as the best of them in everything, so that what it cannot hold no mix of them can. */
function bestOf(rooms: readonly Resources[]): Resources {
  const best = (dimension: keyof Resources) => Math.max(...rooms.map((room) => room[dimension]));
  return { accelerators: best('accelerators'), cpuCores: best('cpuCores'), memoryMiB: best('memoryMiB') };
}

function describe({ accelerators, cpuCores, memoryMiB }: Resources): string {
  const parts = [
    accelerators > 0 ? `${accelerators} accelerator(s)` : '',
    cpuCores > 0 ? `${cpuCores} vCPU(s)` : '',
    `${memoryMiB} MiB`,
  ];
  return parts.filter(Boolean).join(', ');
}
