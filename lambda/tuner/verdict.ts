import type { ComponentState } from '../../core/scale';
import type { Verdict } from './ledger';

/** What a tick has found of the change that was watched before it; undefined while it is watched on. */
export function verdictOf(
  before: ComponentState | undefined,
  after: ComponentState | undefined,
  reasons: readonly string[],
  nowMs: number,
): Verdict | undefined {
  const watched = before?.canary;
  if (watched === undefined || after === undefined) return undefined;
  const next = after.canary;
  if (next?.changedAtMs === watched.changedAtMs) return undefined;
  return { verdict: wordOf(before!, after), atMs: nowMs, reason: reasons.join('; ') };
}

function wordOf(before: ComponentState, after: ComponentState): Verdict['verdict'] {
  if (after.canary !== undefined) return 'superseded';
  if (after.policy.driftedAtMs !== before.policy.driftedAtMs || isDeployedAnew(before, after)) return 'overridden';
  return after.frozenUntilMs === before.frozenUntilMs ? 'kept' : 'rolled back';
}

/** Of one that is known for the first time nobody can tell. */
function isDeployedAnew(before: ComponentState, after: ComponentState): boolean {
  return before.policy.deployed !== undefined && after.policy.deployed !== before.policy.deployed;
}
