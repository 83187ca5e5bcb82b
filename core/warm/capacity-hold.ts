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
  /**
   * Whether the warmer has let go while somebody else, such as the tuner, had raised it further: what they come back to is
   * what the warmer has set, and then the warmer puts back what it found.
   */
  readonly isReleased?: boolean;
  /** What waits so while the warmer has raised over their raise. */
  readonly beneath?: CapacityHold;
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
  before: CapacityHold | undefined,
  current: number,
  wanted: number,
  max: number,
): CapacityChange {
  const hold = before?.isReleased ? takenUp(before, current) : before;
  if (hold?.isReleased && Math.min(wanted, max) <= current) return { hold };
  const { found, set, beneath } = hold && !hold.isReleased ? hold : { found: current, set: [], beneath: hold };
  const under = beneath && { beneath };
  if (hold && !hold.isReleased && isOfOthers(hold, current)) return { hold: { ...hold, isSet: true, isYielded: true } };
  const value = Math.max(found, Math.min(wanted, max));
  if (value === current) return { hold: { found, set: [value], isSet: true, ...under } };
  return { hold: { found, set: [...set.filter((each) => each !== value), value], isSet: false, ...under }, value };
}

/** Of what was let go while others had raised it further: what still waits for them, or is the warmer's again. */
function takenUp(hold: CapacityHold, current: number): CapacityHold | undefined {
  if (isAbove(hold, current)) return hold;
  const { isReleased: _, ...again } = hold;
  if (hold.set.includes(current)) return again;
  return hold.beneath && takenUp(hold.beneath, current);
}

/** The change has come about. */
export function settled(hold: CapacityHold): CapacityHold {
  return { ...hold, set: hold.set.slice(-1), isSet: true };
}

/** What to set, nothing if the capacity is as it should be or somebody else's, and what to keep written down after that. */
export interface CapacityRelease {
  readonly value?: number;
  readonly hold?: CapacityHold;
}

/**
 * Lets go of a capacity: it is to be as it was found, or as high as its configuration wants it since. What others have set
 * is not undone; but if they have raised it above what the warmer has set, they may come back to that. If they set it to the
 * very value that the warmer has, that cannot be seen: it goes back to what was found.
 *
 * @param configured what its scaling keeps without the warmer
 */
export function releaseCapacity(hold: CapacityHold, current: number, configured: number, max: number): CapacityRelease {
  const { found, set, beneath } = hold;
  if (isAbove(hold, current) && configured < Math.max(...set)) {
    const { isYielded: _, ...rest } = hold;
    return { hold: { ...rest, isReleased: true } };
  }
  if (current === found || !set.includes(current)) {
    return beneath ? releaseCapacity(beneath, current, configured, max) : {};
  }
  const value = Math.min(Math.max(found, configured), max);
  return { ...(value !== current && { value }), ...(beneath && { hold: beneath }) };
}

/** Others have raised it further than the warmer has. */
function isAbove({ set }: CapacityHold, current: number): boolean {
  return current > Math.max(...set);
}

/** A capacity that is neither what the warmer set nor, while its change may be lost, what it was before. */
function isOfOthers({ found, set, isSet, isYielded }: CapacityHold, current: number): boolean {
  return isYielded === true || !(set.includes(current) || (!isSet && current === found));
}
