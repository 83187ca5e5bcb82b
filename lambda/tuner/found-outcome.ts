import type { TunerAction } from '../../core/scale';
import type { Blind, Look } from './aws-look';
import type { Outcome } from './ledger';

/** Of an action whose tick ended too early, from what is live now. */
export function foundOutcome(action: TunerAction, look: Look | Blind): Outcome {
  if (action.type === 'recommend-maximum' || action.type === 'recommend-instance') return { status: 'told' };
  if (!('fault' in look) && isLive(action, look)) return { status: 'done', detail: 'found live by a later tick' };
  return { status: 'unknown', detail: 'the tick ended before it was done, and it is not live: abandoned' };
}

function isLive(action: Exclude<TunerAction, { readonly type: `recommend-${string}` }>, look: Look): boolean {
  const { policy, bounds } = look;
  switch (action.type) {
    case 'set-target':
      return policy.target === action.to;
    case 'restore-policy':
      return policy.document === action.document;
    case 'set-minimum':
      return bounds.minCopies === action.copies;
  }
}
