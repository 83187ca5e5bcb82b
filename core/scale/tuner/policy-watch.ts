import type { Cooldowns } from '../cooldowns';

/** The scaling policy as it is live. */
export interface LivePolicy extends Cooldowns {
  readonly target: number;
  /** The whole policy as text; never read, only compared and written back. */
  readonly document: string;
}

/** A policy as the template has it. */
export interface DeployedPolicy extends Cooldowns {
  readonly target: number;
}

/** What the tuner knows of a policy, by which it tells its own changes from those of others. */
export interface PolicyWatch {
  readonly known?: LivePolicy;
  /** What a deployment has set last; what it is about to set is not live yet. */
  readonly deployed?: DeployedPolicy;
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
  /** Whether the policy may be written; one that is deployed anew is ours from the next tick on. */
  readonly standing: 'ours' | 'in-flight' | 'drifted' | 'deployed';
  readonly reason?: string;
}

/** A write that cannot be seen by then was lost. */
const WRITE_SEEN_WITHIN_MS = 60_000;

/**
 * Compares the live policy with the last one written. One that somebody else changed is theirs until a person
 * acknowledges it, but for a deployment: it is told by what the template says now and did not say before.
 *
 * @param deployed left out where it is not known what deployments set
 */
export function watchPolicy(
  before: PolicyWatch,
  live: LivePolicy,
  deployed: DeployedPolicy | undefined,
  acknowledgedAtMs: number | undefined,
  nowMs: number,
): WatchedPolicy {
  const last = before.deployed ?? deployed;
  const watch: PolicyWatch = { ...before, ...(last && { deployed: last }) };
  const knowing = (known: LivePolicy): PolicyWatch => ({ known, ...(last && { deployed: last }) });
  const { known = live, write, driftedAtMs } = watch;
  if (write !== undefined && arrived(write, live)) return { watch: knowing(live), standing: 'ours' };
  const isUnexpected = live.document !== (write?.replaced ?? known).document;
  if (
    (isUnexpected || driftedAtMs !== undefined) &&
    deployed &&
    last &&
    isSame(deployed, live) &&
    !isSame(deployed, last)
  ) {
    return {
      watch: { known: live, deployed },
      standing: 'deployed',
      reason: `a deployment has set the target to ${live.target}: tuned on from there`,
    };
  }
  if (write !== undefined && !isUnexpected) {
    if (nowMs - write.atMs < WRITE_SEEN_WITHIN_MS) {
      return { watch, standing: 'in-flight', reason: 'the last policy write is on its way' };
    }
    return { watch: knowing(live), standing: 'ours', reason: `the write of target ${write.target} was lost` };
  }
  if (isUnexpected) {
    return {
      watch: { ...knowing(live), driftedAtMs: nowMs },
      standing: 'drifted',
      reason: `the policy was changed by another: target ${live.target}, last written ${(write ?? known).target}; frozen until acknowledged`,
    };
  }
  if (driftedAtMs !== undefined && !(acknowledgedAtMs !== undefined && acknowledgedAtMs >= driftedAtMs)) {
    return { watch, standing: 'drifted', reason: 'the policy was changed by another and not acknowledged yet' };
  }
  return { watch: knowing(live), standing: 'ours' };
}

function isSame(a: DeployedPolicy, b: DeployedPolicy): boolean {
  return (
    a.target === b.target &&
    a.scaleOutCooldownSeconds === b.scaleOutCooldownSeconds &&
    a.scaleInCooldownSeconds === b.scaleInCooldownSeconds
  );
}

function arrived(write: PolicyWrite, live: LivePolicy): boolean {
  return write.document === undefined ? isSame(live, write) : live.document === write.document;
}
