import { SLACK_TICKS_TO_RAISE } from '../../core/scale/change-budget.ts';
import {
  type ComponentConfig,
  type ComponentObservation,
  type ComponentState,
  type Mechanisms,
  NO_CHANGES,
  NO_FIT,
  type TunerObservation,
  type TunerState,
  tune,
} from '../../core/scale/index.ts';
import { fullTrust } from '../../core/scale/trust.ts';
import type { TunerOptions } from '../../sim/experiment/policies/tuner.ts';

export const NOTHING = 'nothing';

/** Not left out but put in: simulated policies keep the cooldown that they were deployed with. */
export const COOLDOWNS = 'nothing, and with its cooldowns';

/** Of models that may be at zero, for the sake of whole runs. */
export const KEPT_COPIES = 'kept copies';

/** The tuner with one mechanism left out, by its name; where there is no switch, by what is shown to it, or forgotten. */
export const ABLATIONS: Readonly<Record<string, TunerOptions>> = {
  'attribution gate': { decide: shown((observation) => ({ ...observation, waitShare: 1 })) },
  'confidence band': { decide: shown(withoutBand) },
  'burst guard': { mechanisms: off('burstGuard') },
  'short windows of the burst guard': { mechanisms: off('shortWindows') },
  [KEPT_COPIES]: { decide: configured(({ keptCopy: _, ...component }) => component) },
  'forecast floor': { mechanisms: off('forecastFloor') },
  'budget and hysteresis': {
    decide: remembered((state) => ({ ...state, changes: NO_CHANGES, slackTicks: SLACK_TICKS_TO_RAISE })),
  },
  'canary and rollback': { decide: remembered(({ canary: _, ...state }) => state) },
  'trust and freeze': {
    decide: remembered(({ frozenUntilMs: _, ...state }) => ({ ...state, trust: fullTrust(state.trust.sinceMs) })),
  },
  'learned fit': { decide: remembered((state) => ({ ...state, fit: NO_FIT })) },
  'split by cost': { fixed: ['shares'] },
  'stretched shares': { fixed: ['stretch'] },
};

function off(mechanism: keyof Mechanisms): Partial<Mechanisms> {
  return { [mechanism]: false };
}

/** Decides on other observations than were made. */
function shown(change: (observation: ComponentObservation) => ComponentObservation): typeof tune {
  return (state, observation, config, nowMs) => {
    const changed: TunerObservation = mapValues(observation, change);
    return tune(state, changed, config, nowMs);
  };
}

/** Decides by another configuration than that of the agent. */
function configured(change: (component: ComponentConfig) => ComponentConfig): typeof tune {
  return (state, observation, config, nowMs) =>
    tune(state, observation, { ...config, components: mapValues(config.components, change) }, nowMs);
}

/** Decides on another past than there was. */
function remembered(change: (state: ComponentState) => ComponentState): typeof tune {
  return (state, observation, config, nowMs) => {
    const changed: TunerState = { ...state, components: mapValues(state.components, change) };
    return tune(changed, observation, config, nowMs);
  };
}

/** What was measured is taken for what is. */
function withoutBand({ latency, slackEvidence, ...observation }: ComponentObservation): ComponentObservation {
  const certain = (band: NonNullable<typeof latency>) => ({ ...band, lowMs: band.p95Ms, highMs: band.p95Ms });
  return {
    ...observation,
    ...(latency && { latency: certain(latency) }),
    ...(slackEvidence && { slackEvidence: { ...slackEvidence, latency: certain(slackEvidence.latency) } }),
  };
}

function mapValues<V>(values: Readonly<Record<string, V>>, change: (value: V) => V): Record<string, V> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value)]));
}
