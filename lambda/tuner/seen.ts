import type { ComponentObservation } from '../../core/scale';
import type { ComponentObjective } from './component-objective';
import type { Seen } from './ledger';

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
