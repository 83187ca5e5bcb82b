import type {
  ComponentConfig,
  ComponentObservation,
  LivePolicy,
  TunerAction,
  TunerConfig,
} from '../../../../core/scale';
import { ALL_MECHANISMS } from '../../../../core/scale';

export const MINUTE = 60_000;

/** A Monday in 2026, 00:00 UTC. */
export const START = 1_777_852_800_000;

export function policyOf(target: number, scaleOutCooldownSeconds = 180, scaleInCooldownSeconds = 900): LivePolicy {
  const document = `{ "TargetValue": ${target}, "ScaleOut": ${scaleOutCooldownSeconds}, "ScaleIn":  ${scaleInCooldownSeconds} }`;
  return { target, scaleOutCooldownSeconds, scaleInCooldownSeconds, document };
}

export const writer: ComponentConfig = {
  objectiveMs: 1000,
  minTarget: 1,
  maxTarget: 64,
  minCopies: 1,
  maxCopies: 20,
  pricePerCopyHourUsd: 2,
  criticality: 0.5,
};

export function configOf(components: TunerConfig['components'], more: Partial<TunerConfig> = {}): TunerConfig {
  return { mode: 'act', mechanisms: ALL_MECHANISMS, components, ...more };
}

/** A component that just keeps its objective, with nothing to do. */
export function observed(nowMs: number, more: Partial<ComponentObservation> = {}): ComponentObservation {
  return {
    measuredAtMs: nowMs,
    windowMs: 5 * MINUTE,
    latency: band(800),
    concurrencyPerCopy: 9,
    waitShare: 0.1,
    rejects: 0,
    coldStarts: 0,
    requestsPerSecond: 5,
    meanServiceSeconds: 1,
    arrivals: [],
    recentConcurrencyPerCopy: [9, 9, 9, 9, 9, 9],
    outcomes: [],
    copies: { desired: 3, inService: 3 },
    minimumCopies: 1,
    readySeconds: { p75: 180, p90: 200 },
    policy: policyOf(10),
    ...more,
  };
}

/** A P95 of a thousand requests within 2 % of the value. */
export function band(p95Ms: number): NonNullable<ComponentObservation['latency']> {
  return { count: 1000, p95Ms, lowMs: 0.98 * p95Ms, highMs: 1.02 * p95Ms };
}

export const breach = (nowMs: number, more: Partial<ComponentObservation> = {}) =>
  observed(nowMs, { latency: band(2000), ...more });
export const slack = (nowMs: number, more: Partial<ComponentObservation> = {}) =>
  observed(nowMs, {
    latency: band(300),
    slackEvidence: { windowMs: 5 * MINUTE, latency: band(300) },
    concurrencyPerCopy: 5,
    ...more,
  });

export function actionsOfType<T extends TunerAction['type']>(
  actions: readonly TunerAction[],
  type: T,
): Extract<TunerAction, { type: T }>[] {
  return actions.filter((action): action is Extract<TunerAction, { type: T }> => action.type === type);
}
