import type { IConstruct } from 'constructs';
import { known, type Report, warn } from '../../private/checks';
import type { FleetMember } from '../fleet-ref';
import type { InferenceInstanceType } from '../instance-type';
import { type Copies, fits, leastInstances, pack, type Resources, resourcesOf, roomOf, totalOf } from './packing';

/** What a fleet has room for. */
export interface FleetRoom {
  readonly instanceTypes: readonly InferenceInstanceType[];
  readonly minInstances: number | undefined;
  readonly maxInstances: number | undefined;
}

/** What a member takes: of copies whose number is not known, the fewest there can be. */
interface Claim extends CopyCounts {
  readonly path: string;
  readonly each: Resources;
}

type CopyCounts = Pick<FleetMember, 'initialCopies' | 'highestMinCopies' | 'maxCopies'>;

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
  if (allKnown) {
    const best = bestOf(candidates.map(({ room }) => room));
    const least = (at: keyof CopyCounts) => leastInstances(copiesOf(others, at), best);
    if (least('initialCopies') > maxInstances) {
      const message =
        `must be at least ${least('initialCopies')} for the copies that the components are created with, which take ` +
        `${describe(totalOf(copiesOf(others, 'initialCopies')))}, got: ${maxInstances}; raise it, lower these copies or use a larger instance type`;
      report('fleet/initial-copies-do-not-fit', 'maxInstances', message);
      return;
    }
    if (least('highestMinCopies') > maxInstances) {
      const message =
        `the copies that are always kept, by schedule or not, need at least ${least('highestMinCopies')} instances, more than ` +
        `maxInstances (${maxInstances}), if all are kept at the same time: raise it, or lower min (${list(others, 'highestMinCopies')})`;
      warn(fleet, 'fleet/minimum-copies-do-not-fit', message);
    } else if (least('maxCopies') > maxInstances) {
      const message =
        `the most copies need at least ${least('maxCopies')} instances, more than maxInstances (${maxInstances}), if all components are busy ` +
        `at the same time: raise it, lower max (${list(others, 'maxCopies')}), or acknowledge this if they are not`;
      warn(fleet, 'fleet/most-copies-do-not-fit', message);
    }
  }
  warnOfSmallTypes(fleet, candidates, others, maxInstances);
}

function reportTooLarge(claims: readonly Claim[], candidates: readonly Candidate[], report: Report): void {
  const types = candidates.map(({ name, room }) => `${name} with ${describe(room)}`).join('; ');
  for (const { path, each } of claims) {
    const message = `a copy takes ${describe(each)}, more than any instance has for copies (${types}): use a larger type`;
    report('fleet/copy-does-not-fit', path, message);
  }
}

function warnIfNeverZero(fleet: IConstruct, { minInstances }: FleetRoom, members: readonly FleetMember[]): void {
  if (minInstances !== 0) return;
  const kept = members.filter(({ minCopies }) => (known(minCopies) ?? 0) >= 1);
  if (kept.length === 0) return;
  const paths = kept.map(({ node }) => node.path).join(', ');
  warn(
    fleet,
    'fleet/never-zero',
    `minInstances is 0, but the fleet never gets there, because copies always run (${paths}): scale these from 0, or say minInstances: 1`,
  );
}

/** Of the types on which, if no other can be had, the copies that the components are created with find no room. */
function warnOfSmallTypes(
  fleet: IConstruct,
  candidates: readonly Candidate[],
  claims: readonly Claim[],
  maxInstances: number,
): void {
  const copies = copiesOf(claims, 'initialCopies');
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
        `if only ${name} can be had, the copies that the components are created with need about ${needed} instances, ` +
        `more than maxInstances (${maxInstances}): raise it`;
      warn(fleet, 'fleet/tight', message);
    }
  }
}

function claimOf({ node, resources, initialCopies, highestMinCopies, maxCopies }: FleetMember): Claim[] {
  const each = resourcesOf(resources);
  if (each === undefined) return [];
  return [
    {
      path: node.path,
      each,
      initialCopies: known(initialCopies) ?? 1,
      highestMinCopies: known(highestMinCopies) ?? 0,
      maxCopies: known(maxCopies) ?? 0,
    },
  ];
}

function copiesOf(claims: readonly Claim[], at: keyof CopyCounts): Copies[] {
  return claims.map((claim) => ({ count: claim[at], each: claim.each }));
}

function list(claims: readonly Claim[], at: keyof CopyCounts): string {
  return claims.map((claim) => `${claim.path}: ${claim[at]}`).join(', ');
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
