import type { ComponentObservation } from '../../core/scale';
import { roundTo } from '../../core/scale/numbers';
import type { ComponentObjective } from './component-objective';
import type { Seen, SeenSlack } from './ledger';

/** What the ledger keeps of an observation. */
export function seenOf(observation: ComponentObservation, { objectiveMs, split }: ComponentObjective): Seen {
  const { latency, concurrencyPerCopy, policy, copies } = observation;
  return {
    objectiveMs,
    ...(split && { split }),
    measuredAtMs: observation.measuredAtMs,
    windowMs: observation.windowMs,
    requests: latency?.count ?? 0,
    ...(latency && { p95Ms: latency.p95Ms, lowMs: latency.lowMs, highMs: latency.highMs }),
    ...(latency && {
      ...slackOf(observation),
      waitShare: roundTo(observation.waitShare, 3),
      serviceSeconds: roundTo(observation.meanServiceSeconds, 3),
    }),
    requestsPerSecond: observation.requestsPerSecond,
    ...(concurrencyPerCopy !== undefined && { concurrencyPerCopy }),
    target: policy.target,
    copies: copies.inService,
    desiredCopies: copies.desired,
    minimumCopies: observation.minimumCopies,
    coldStarts: observation.coldStarts,
    rejects: observation.rejects,
    readyP90Seconds: observation.readySeconds.p90,
  };
}

/** Left out where it is what the P95 is of. */
function slackOf({ slackEvidence, windowMs }: ComponentObservation): { readonly slack?: SeenSlack } {
  if (slackEvidence === undefined || slackEvidence.windowMs === windowMs) return {};
  const { count, p95Ms, highMs } = slackEvidence.latency;
  return { slack: { windowMs: slackEvidence.windowMs, requests: count, p95Ms, highMs } };
}
