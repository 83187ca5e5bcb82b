import type { Cooldowns } from '../cooldowns';

/** The scaling policy as it is live. */
export interface LivePolicy extends Cooldowns {
  readonly target: number;
  /** The whole policy as text; never read, only compared and written back. */
  readonly document: string;
}

/** What the tuner knows of a policy, by which it tells its own changes from those of others. */
export interface PolicyWatch {
  readonly known?: LivePolicy;
  /** The last write, until it has been seen. */
  readonly write?: PolicyWrite;
  /** When another's change was found that nobody has acknowledged. */
  readonly driftedAtMs?: number;
}

export interface PolicyWrite extends Cooldowns {
  readonly atMs: number;
  readonly target: number;
  /** Only known where an earlier document is restored. */
  readonly document?: string;
  readonly replaced: LivePolicy;
}

export interface WatchedPolicy {
  readonly watch: PolicyWatch;
  /** Whether the policy may be written. */
  readonly standing: 'ours' | 'in-flight' | 'drifted';
  readonly reason?: string;
}

/** A write that cannot be seen by then was lost. */
const WRITE_SEEN_WITHIN_MS = 60_000;

/**
 * Compares the live policy with the last one written. One that somebody else changed is theirs until a person
 * acknowledges it.
 */
export function watchPolicy(
  watch: PolicyWatch,
  live: LivePolicy,
  acknowledgedAtMs: number | undefined,
  nowMs: number,
): WatchedPolicy {
  const { known = live, write } = watch;
  if (write !== undefined && arrived(write, live)) return { watch: { known: live }, standing: 'ours' };
  if (write !== undefined && live.document === write.replaced.document) {
    if (nowMs - write.atMs < WRITE_SEEN_WITHIN_MS) {
      return { watch, standing: 'in-flight', reason: 'the last policy write is on its way' };
    }
    return { watch: { known: live }, standing: 'ours', reason: `the write of target ${write.target} was lost` };
  }
  if (write !== undefined || live.document !== known.document) {
    return {
      watch: { known: live, driftedAtMs: nowMs },
      standing: 'drifted',
      reason: `the policy was changed by another: target ${live.target}, last written ${(write ?? known).target}; frozen until acknowledged`,
    };
  }
  const { driftedAtMs } = watch;
  if (driftedAtMs !== undefined && !(acknowledgedAtMs !== undefined && acknowledgedAtMs >= driftedAtMs)) {
    return { watch, standing: 'drifted', reason: 'the policy was changed by another and not acknowledged yet' };
  }
  return { watch: { known: live }, standing: 'ours' };
}

function arrived(write: PolicyWrite, live: LivePolicy): boolean {
  if (write.document !== undefined) return live.document === write.document;
  return (
    live.target === write.target &&
    live.scaleOutCooldownSeconds === write.scaleOutCooldownSeconds &&
    live.scaleInCooldownSeconds === write.scaleInCooldownSeconds
  );
}
