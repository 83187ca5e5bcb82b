import { hasSlack, type P95Band } from '../p95-verdict';
import { raiseGrowth } from '../target-proposal';
import type { ComponentConfig } from './config';
import type { ComponentObservation } from './observation';
import type { ComponentState } from './state';

/** The latency that leaves room for a raise of the target; undefined while none is proven. */
export function slackProof(
  { fit }: ComponentState,
  { slackEvidence, policy }: ComponentObservation,
  { objectiveMs }: ComponentConfig,
): P95Band | undefined {
  const latency = slackEvidence?.latency;
  return latency && hasSlack(latency, objectiveMs, raiseGrowth(fit, policy.target)) ? latency : undefined;
}
