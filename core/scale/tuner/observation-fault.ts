import type { OutcomeMinute } from '../canary';
import type { P95Band } from '../p95-verdict';
import type { ComponentObservation } from './observation';

/** Dead man's rule: older data tell nothing about now. */
export const STALE_AFTER_MS = 10 * 60_000;

/** Clocks differ a little. */
const CLOCK_SKEW_MS = 60_000;

/** An objective further off than this was meant for another unit. */
const PLAUSIBLE_FACTOR = 100;

/** A mean beyond that many P95s takes one call in twenty that is four hundred times as long as the P95. */
const LARGEST_MEAN = 20;

/** More than a burst brings before copies are seen to be busy, and less than an hour taken for a minute, or a wrong unit of time. */
const LARGEST_DEMAND = 30;

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
    latencyFault(observation.slackEvidence?.latency, objectiveMs) ??
    serviceFault(observation) ??
    demandFault(observation)
  );
}

/** Every single number of an observation, by its name; those that may be left out are then undefined. */
const AMOUNTS: readonly (readonly [name: string, of: (o: ComponentObservation) => number | undefined])[] = [
  ['measuredAtMs', (o) => o.measuredAtMs],
  ['windowMs', (o) => o.windowMs],
  ['latency.count', (o) => o.latency?.count],
  ['latency.p95Ms', (o) => o.latency?.p95Ms],
  ['latency.lowMs', (o) => o.latency?.lowMs],
  ['latency.highMs', (o) => o.latency?.highMs ?? undefined],
  ['slackEvidence.windowMs', (o) => o.slackEvidence?.windowMs],
  ['slackEvidence.latency.count', (o) => o.slackEvidence?.latency.count],
  ['slackEvidence.latency.p95Ms', (o) => o.slackEvidence?.latency.p95Ms],
  ['slackEvidence.latency.lowMs', (o) => o.slackEvidence?.latency.lowMs],
  ['slackEvidence.latency.highMs', (o) => o.slackEvidence?.latency.highMs ?? undefined],
  ['concurrencyPerCopy', (o) => o.concurrencyPerCopy],
  ['waitShare', (o) => o.waitShare],
  ['rejects', (o) => o.rejects],
  ['coldStarts', (o) => o.coldStarts],
  ['requestsPerSecond', (o) => o.requestsPerSecond],
  ['meanServiceSeconds', (o) => o.meanServiceSeconds],
  ['copies.desired', (o) => o.copies.desired],
  ['copies.inService', (o) => o.copies.inService],
  ['minimumCopies', (o) => o.minimumCopies],
  ['readySeconds.p75', (o) => o.readySeconds.p75],
  ['readySeconds.p90', (o) => o.readySeconds.p90],
  ['policy.target', (o) => o.policy.target],
];

/** What is larger is no measurement, and squares of it would fill what is learned with infinities. */
const LARGEST_AMOUNT = Number.MAX_SAFE_INTEGER;

/** A smaller target is none: no copy serves a millionth of a call at a time. */
const SMALLEST_TARGET = 1e-6;

const isAmount = (value: number) => value >= 0 && value <= LARGEST_AMOUNT;

const isPossible = ({ requests, violations, rejects }: OutcomeMinute) =>
  isCountWithin(requests, requests) && isCountWithin(violations, requests) && isCountWithin(rejects, requests);

const isCountWithin = (count: number, most: number) => Number.isSafeInteger(count) && count >= 0 && count <= most;

function numberFault(o: ComponentObservation): string | undefined {
  for (const [name, of] of AMOUNTS) {
    const value = of(o);
    if (value !== undefined && !isAmount(value)) return `${name} is no amount: ${value}`;
  }
  const slot = o.arrivals.find(({ startMs, count }) => !(isAmount(startMs) && isAmount(count)));
  if (slot !== undefined) {
    return `arrivals holds what is no amount: ${isAmount(slot.startMs) ? slot.count : slot.startMs}`;
  }
  const sample = o.recentConcurrencyPerCopy.find((value) => !isAmount(value));
  if (sample !== undefined) return `recentConcurrencyPerCopy holds what is no amount: ${sample}`;
  const minute = o.outcomes.find((outcome) => !isPossible(outcome));
  if (minute !== undefined) return `outcomes hold an impossible minute: ${JSON.stringify(minute)}`;
  if (o.waitShare > 1) return `waitShare is above 1: ${o.waitShare}`;
  if (o.policy.target < SMALLEST_TARGET) return `policy.target is ${o.policy.target}`;
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

function serviceFault({ latency, meanServiceSeconds }: ComponentObservation): string | undefined {
  if (latency === undefined || 1000 * meanServiceSeconds <= LARGEST_MEAN * latency.p95Ms) return undefined;
  return `a mean of ${meanServiceSeconds} s is implausible beside a P95 of ${latency.p95Ms} ms: check its unit`;
}

/** Little's law: rate and service time are told by callers, and the calls that copies work on by SageMaker. */
function demandFault(o: ComponentObservation): string | undefined {
  const { requestsPerSecond, meanServiceSeconds, concurrencyPerCopy, copies } = o;
  if (concurrencyPerCopy === undefined || copies.inService === 0) return undefined;
  const demand = requestsPerSecond * meanServiceSeconds;
  if (demand <= LARGEST_DEMAND * Math.max(1, concurrencyPerCopy) * copies.inService) return undefined;
  return (
    `${requestsPerSecond} requests a second of ${meanServiceSeconds} s each are implausible beside ${concurrencyPerCopy} at once ` +
    `on each of ${copies.inService} copies: check their units`
  );
}
