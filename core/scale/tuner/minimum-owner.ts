import type { WrittenMinimum } from './state';

/** Whose the live minimum is. */
export interface OwnedMinimum {
  /** What the tuner wrote last, while it may still be what holds, if only below what another holds. */
  readonly written?: WrittenMinimum;
  /** Whether the tuner may lower it, down to the baseline. */
  readonly isOurs: boolean;
  /** What holds without the tuner: another put it there, or a deployment. */
  readonly baseline: number;
}

/** A write whose outcome nobody knows, and that is not live by then, is another's to explain. */
const LOST_WITHIN_MS = 5 * 60_000;

/**
 * Tells the tuner's own raise of the minimum from what others set: schedules, deployments, whoever warms a component for a
 * time. Numbers are all there is to tell by, so that whoever sets the very number that the tuner wrote is not seen.
 *
 * @param live the minimum as it is now
 */
export function ownMinimum(written: WrittenMinimum | undefined, live: number, nowMs: number): OwnedMinimum {
  const theirs = { isOurs: false, baseline: live };
  if (written === undefined) return theirs;
  const { copies, replaced, baseline, atMs } = written;
  if (live === copies) return { written, isOurs: true, baseline };
  if (live === replaced && nowMs - atMs <= LOST_WITHIN_MS) return { written, isOurs: true, baseline };
  if (live > copies) return { written, ...theirs };
  // The raise was lost, and what it was to replace had been raised by the tuner before.
  if (live === replaced && replaced > baseline) {
    return { written: { ...written, copies: replaced }, isOurs: true, baseline };
  }
  return theirs;
}
