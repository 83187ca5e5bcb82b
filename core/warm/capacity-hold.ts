/**
 * What the warmer changed of a capacity, written down before it changes it, so that whoever comes later can undo it.
 *
 * The capacity is one number: the minimum of a scalable target, or the copies of a component that has none.
 */
export interface CapacityHold {
  /** What it was before the warmer changed it. */
  readonly found: number;
  /** What the warmer may have set it to: several if it is not known which of them came about. */
  readonly set: readonly number[];
  /** Whether the last of them did. */
  readonly isSet: boolean;
  /** Whether somebody else changed it since: then the warmer raises it no more while this hold lasts. */
  readonly isYielded?: boolean;
}

/** What to write down, and then to set; nothing to set if the capacity is as it should be. */
export interface CapacityChange {
  readonly hold: CapacityHold;
  readonly value?: number;
}

/**
 * Raises a capacity, or lowers what was raised before; never below what was found.
 *
 * @param current what it is now
 * @param max most that it may be
 */
export function raiseCapacity(
  hold: CapacityHold | undefined,
  current: number,
  wanted: number,
  max: number,
): CapacityChange {
  const found = hold?.found ?? current;
  if (hold && isOfOthers(hold, current)) return { hold: { ...hold, isSet: true, isYielded: true } };
  const value = Math.max(found, Math.min(wanted, max));
  if (value === current) return { hold: { found, set: [value], isSet: true } };
  const before = (hold?.set ?? []).filter((each) => each !== value);
  return { hold: { found, set: [...before, value], isSet: false }, value };
}

/** The change has come about. */
export function settled({ found, set }: CapacityHold): CapacityHold {
  return { found, set: set.slice(-1), isSet: true };
}

/**
 * What to set a capacity to so that it is as it was found, or as high as its configuration wants it since. If others have
 * set it to the very value that the warmer has, that cannot be seen: it goes back to what was found.
 *
 * @param configured what its scaling keeps without the warmer
 * @returns undefined if it is already, or is somebody else's: what was set by others since is not undone
 */
export function restoredCapacity(
  { found, set }: CapacityHold,
  current: number,
  configured: number,
  max: number,
): number | undefined {
  if (current === found || !set.includes(current)) return undefined;
  const value = Math.min(Math.max(found, configured), max);
  return value === current ? undefined : value;
}

/** A capacity that is neither what the warmer set nor, while its change may be lost, what it was before. */
function isOfOthers({ found, set, isSet, isYielded }: CapacityHold, current: number): boolean {
  return isYielded === true || !(set.includes(current) || (!isSet && current === found));
}
