import type { Decision } from '../decision';
import { describeAction, type TunerAction } from './actions';
import { chooseCandidate } from './candidate';
import { checkTunerConfig, type TunerConfig } from './config';
import type { TunerObservation } from './observation';
import type { ComponentState, TunerState } from './state';
import { tickComponent } from './tick-component';
import { writePolicy } from './write-policy';

/**
 * One tick of the tuner over the components of one agent, meant for every minute.
 *
 * It writes the policy of at most one component, of the one that matters most, so that every change can be judged by
 * itself. Minima follow forecast and bursts for all components at once. A tick that is repeated at the same time does
 * nothing.
 *
 * @throws RangeError if the configuration is wrong; it names the field.
 */
export function tune(
  state: TunerState,
  observation: TunerObservation,
  config: TunerConfig,
  nowMs: number,
): Decision<TunerState, TunerAction> {
  checkTunerConfig(config);
  if (config.mode === 'off') return { state, actions: [], reasons: ['switched off'] };
  if (nowMs <= (state.tickedAtMs ?? -Infinity)) return { state, actions: [], reasons: ['this tick is done already'] };

  const ticks = Object.entries(config.components).map(([component, componentConfig]) => {
    const known = state.components[component];
    const observed = observation[component];
    const tick = tickComponent(component, known, observed, componentConfig, config.mechanisms, nowMs);
    return { component, known, observed, ...tick };
  });
  const reasons = ticks.flatMap((tick) => tick.reasons.map((reason) => `${tick.component}: ${reason}`));
  const chosen = chooseCandidate(
    ticks.flatMap((tick) =>
      tick.candidate === undefined || tick.observed === undefined
        ? []
        : [{ ...tick, candidate: tick.candidate, observed: tick.observed }],
    ),
  );
  const write = chosen && writePolicy(chosen.component, chosen.state, chosen.candidate, chosen.observed, nowMs);
  const actions = [...(write ? [write.action] : []), ...ticks.flatMap((tick) => tick.actions)];
  for (const { component, candidate } of ticks) {
    if (candidate !== undefined && component !== chosen?.component) {
      reasons.push(`${component}: waits, ${chosen?.component} matters more`);
    }
  }

  if (config.mode === 'dry-run') {
    const learned = Object.fromEntries(ticks.map((tick) => [tick.component, unwritten(tick)]));
    return {
      state: { tickedAtMs: nowMs, components: { ...state.components, ...learned } },
      actions: [],
      reasons: [
        ...reasons,
        ...actions.map((action) => `${action.component}: dry run: would ${describeAction(action)}`),
      ],
    };
  }
  const next = Object.fromEntries(ticks.map((tick) => [tick.component, tick.state]));
  if (chosen !== undefined && write !== undefined) next[chosen.component] = write.state;
  return {
    state: { tickedAtMs: nowMs, components: { ...state.components, ...next } },
    actions,
    reasons: [...reasons, ...actions.map((action) => `${action.component}: ${describeAction(action)}`)],
  };
}

/** What was learned without what was not done. */
function unwritten({
  state,
  known,
  actions,
}: {
  readonly state: ComponentState;
  readonly known?: ComponentState;
  readonly actions: readonly TunerAction[];
}): ComponentState {
  const { minimum: followed, recommendedMaximum: _, recommendedInstance: __, ...learned } = state;
  const { minimum: before, recommendedMaximum, recommendedInstance } = known ?? {};
  const minimum = actions.some(({ type }) => type === 'set-minimum') ? before : followed;
  return {
    ...learned,
    ...(minimum !== undefined && { minimum }),
    ...(recommendedMaximum !== undefined && { recommendedMaximum }),
    ...(recommendedInstance !== undefined && { recommendedInstance }),
  };
}
