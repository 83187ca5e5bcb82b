import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type PlanFile, parsePlanFile } from '../../sim/planner/plan-file';
import { PROFILE_LIBRARY } from '../../sim/profiles/library';
import { type MeasuredProfile, parseProfile } from '../../sim/profiles/profile-file';
import { UsageError } from '../usage';

export interface ReadPlanFile {
  readonly file: PlanFile;
  /** By the names that the file uses. */
  readonly profiles: ReadonlyMap<string, MeasuredProfile>;
}

/**
 * Reads a plan file and the profiles that it names: those of the library, and files beside it.
 *
 * @throws UsageError, PlanError, ProfileError
 */
export function readPlanFile(path: string): ReadPlanFile {
  if (!existsSync(path)) throw new UsageError(`there is no plan file ${path}`);
  const file = parsePlanFile(readFileSync(path, 'utf8'), path);
  const profiles = new Map<string, MeasuredProfile>();
  for (const [component, given] of Object.entries(file.components)) {
    if (!('runsOn' in given)) continue;
    for (const [at, { profile }] of given.runsOn.entries()) {
      const where = `plan.components.${component}.runsOn[${at}].profile`;
      if (!profiles.has(profile)) profiles.set(profile, readProfile(profile, dirname(path), where));
    }
  }
  return { file, profiles };
}

function readProfile(nameOrPath: string, folder: string, where: string): MeasuredProfile {
  const known = PROFILE_LIBRARY.find(({ name }) => name === nameOrPath);
  if (known) return known;
  const path = resolve(folder, nameOrPath);
  if (!existsSync(path)) {
    const names = PROFILE_LIBRARY.map(({ name }) => name).join(', ');
    throw new Error(
      `${where} names ${nameOrPath}, which is neither a file beside the plan file nor in the library: ${names}`,
    );
  }
  return parseProfile(readFileSync(path, 'utf8'), path);
}
