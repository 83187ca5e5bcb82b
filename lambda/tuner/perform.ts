import type { TunerAction } from '../../core/scale';
import { scalableResourceId } from '../../core/scale/scalable-target';
import type { TunedComponent } from '../../core/scale/tuner-deployment';
import { errorLike } from '../backends/error-like';
import type { Outcome } from './ledger';
import { type LiveBounds, parseDocument, type ScalingService, toDocument } from './scaling-service';

/** What an action is done to, as it was seen in this tick. */
export interface ActedOn {
  readonly component: TunedComponent;
  /** Document of the live policy. */
  readonly document: string;
  readonly bounds: LiveBounds;
  /** When a minimum that is raised returns to what it was, should nobody put that off. */
  readonly minimumExpiresAtMs: number;
}

/** Does what was decided, or says why not. Never beyond the bounds, whatever was decided. */
export async function perform(service: ScalingService, action: TunerAction, actedOn: ActedOn): Promise<Outcome> {
  const beyond = boundsFault(action, actedOn);
  if (beyond !== undefined) return { status: 'forbidden', detail: beyond };
  const { component, document, minimumExpiresAtMs } = actedOn;
  const resourceId = scalableResourceId(component);
  try {
    switch (action.type) {
      case 'set-target': {
        const { scaleOutCooldownSeconds, scaleInCooldownSeconds } = action.cooldowns;
        const changed = toDocument({
          ...parseDocument(document),
          TargetValue: action.to,
          ScaleOutCooldown: scaleOutCooldownSeconds,
          ScaleInCooldown: scaleInCooldownSeconds,
        });
        await service.putPolicy(resourceId, component.policyName, changed);
        return { status: 'done' };
      }
      case 'restore-policy':
        await service.putPolicy(resourceId, component.policyName, action.document);
        return { status: 'done' };
      case 'set-minimum': {
        const least = Math.max(component.minCopies, action.baseline);
        // In this order a tick that ends in between leaves nothing raised that does not expire.
        if (action.copies > least) await service.expireMinimum(resourceId, least, minimumExpiresAtMs);
        await service.setMinimum(resourceId, action.copies);
        if (action.copies <= least) await service.keepMinimum(resourceId);
        return { status: 'done' };
      }
      case 'recommend-maximum':
      case 'recommend-instance':
        return { status: 'told' };
    }
  } catch (error) {
    return outcomeOfError(error);
  }
}

/** The bounds of the deployment, and the maximum as it is live: checked on what would be written. */
function boundsFault(action: TunerAction, { component, bounds }: ActedOn): string | undefined {
  if (action.type === 'set-target') return targetFault(action.to, component);
  if (action.type === 'restore-policy') return targetFault(parseDocument(action.document).TargetValue, component);
  if (action.type !== 'set-minimum') return undefined;
  const { minCopies, maxCopies } = component;
  const most = Math.min(maxCopies, bounds.maxCopies);
  if (action.copies >= minCopies && action.copies <= most) return undefined;
  return `a minimum of ${action.copies} copies is beyond the bounds of ${minCopies} to ${most}`;
}

function targetFault(target: number | undefined, { minTarget, maxTarget }: TunedComponent): string | undefined {
  if (target !== undefined && target >= minTarget && target <= maxTarget) return undefined;
  return `a target of ${target} is beyond the bounds of ${minTarget} to ${maxTarget}`;
}

/** A service that answered has refused; without an answer, or with a failure of its own, nobody knows. */
function outcomeOfError(error: unknown): Outcome {
  const { name = 'Error', message = '' } = errorLike(error);
  const { $fault } = error as { readonly $fault?: 'client' | 'server' };
  return { status: $fault === 'client' ? 'refused' : 'unknown', detail: `${name}: ${message}` };
}
