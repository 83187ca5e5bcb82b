import type { P95Band } from '../p95-verdict';
import type { ComponentObservation } from './observation';

/** Dead man's rule: older data tell nothing about now. */
export const STALE_AFTER_MS = 10 * 60_000;

/** Clocks differ a little. */
const CLOCK_SKEW_MS = 60_000;

/** Seconds taken for milliseconds, or milliseconds for microseconds, are further off than any load. */
const PLAUSIBLE_FACTOR = 100;

/** Why an observation must not be acted upon, or `undefined` if it may. */
export function observationFault(
  observation: ComponentObservation,
  objectiveMs: number,
  nowMs: number,
): string | undefined {
  return (
    numberFault(observation) ??
    ageFault(observation, nowMs) ??
    latencyFault(observation.latency, objectiveMs) ??
    latencyFault(observation.slackEvidence?.latency, objectiveMs)
  );
}

function numberFault(o: ComponentObservation): string | undefined {
  const amounts: Readonly<Record<string, number | undefined>> = {
    measuredAtMs: o.measuredAtMs,
    windowMs: o.windowMs,
    'latency.count': o.latency?.count,
    'latency.p95Ms': o.latency?.p95Ms,
    'latency.lowMs': o.latency?.lowMs,
    'latency.highMs': o.latency?.highMs ?? undefined,
    'slackEvidence.windowMs': o.slackEvidence?.windowMs,
    'slackEvidence.latency.count': o.slackEvidence?.latency.count,
    'slackEvidence.latency.p95Ms': o.slackEvidence?.latency.p95Ms,
    'slackEvidence.latency.lowMs': o.slackEvidence?.latency.lowMs,
    'slackEvidence.latency.highMs': o.slackEvidence?.latency.highMs ?? undefined,
    concurrencyPerCopy: o.concurrencyPerCopy,
    waitShare: o.waitShare,
    queued: o.queued,
    rejects: o.rejects,
    coldStarts: o.coldStarts,
    requestsPerSecond: o.requestsPerSecond,
    meanServiceSeconds: o.meanServiceSeconds,
    'copies.desired': o.copies.desired,
    'copies.inService': o.copies.inService,
    minimumCopies: o.minimumCopies,
    'readySeconds.p75': o.readySeconds.p75,
    'readySeconds.p90': o.readySeconds.p90,
    'policy.target': o.policy.target,
  };
  for (const [name, value] of Object.entries(amounts)) {
    if (value !== undefined && !(value >= 0 && value < Infinity)) return `${name} is no amount: ${value}`;
  }
  const series: Readonly<Record<string, readonly number[]>> = {
    arrivals: o.arrivals.flatMap((slot) => [slot.startMs, slot.count]),
    recentConcurrencyPerCopy: o.recentConcurrencyPerCopy,
  };
  for (const [name, values] of Object.entries(series)) {
    const wrong = values.find((value) => !(value >= 0 && value < Infinity));
    if (wrong !== undefined) return `${name} holds what is no amount: ${wrong}`;
  }
  const minute = o.outcomes.find(
    ({ requests, violations, rejects }) =>
      ![requests, violations, rejects].every((n) => Number.isSafeInteger(n) && n >= 0 && n <= requests),
  );
  if (minute !== undefined) return `outcomes hold an impossible minute: ${JSON.stringify(minute)}`;
  if (o.waitShare > 1) return `waitShare is above 1: ${o.waitShare}`;
  if (o.policy.target === 0) return 'policy.target is 0';
  return undefined;
}

function ageFault({ measuredAtMs }: ComponentObservation, nowMs: number): string | undefined {
  const ageMs = nowMs - measuredAtMs;
  if (ageMs > STALE_AFTER_MS) return `no metrics for ${Math.floor(ageMs / 60_000)} min`;
  if (ageMs < -CLOCK_SKEW_MS) return `metrics are from the future, ${Math.ceil(-ageMs / 1000)} s ahead`;
  return undefined;
}

function latencyFault(latency: P95Band | undefined, objectiveMs: number): string | undefined {
  if (latency === undefined) return undefined;
  const { p95Ms, lowMs, highMs } = latency;
  if (lowMs > p95Ms || p95Ms > (highMs ?? Infinity)) {
    return `the P95 lies outside its band: ${p95Ms} ms in [${lowMs}, ${highMs ?? '∞'}] ms`;
  }
  if (p95Ms > PLAUSIBLE_FACTOR * objectiveMs || p95Ms < objectiveMs / PLAUSIBLE_FACTOR) {
    return `P95 ${p95Ms} ms is implausible beside an objective of ${objectiveMs} ms: check its unit`;
  }
  return undefined;
}
