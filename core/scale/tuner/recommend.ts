import { roundTo } from '../numbers';
import { hopelessP95Ms, recommendMaximum } from '../recommendations';
import type { RecommendInstance, RecommendMaximum } from './actions';
import type { ComponentConfig } from './config';
import type { ComponentObservation } from './observation';
import { slackProof } from './slack-proof';
import type { ComponentState } from './state';

export interface Recommendations {
  readonly state: ComponentState;
  readonly actions: readonly (RecommendMaximum | RecommendInstance)[];
}

/** What only a person may change, told once. */
export function recommend(
  component: string,
  before: ComponentState,
  observation: ComponentObservation,
  config: ComponentConfig,
): Recommendations {
  const { recommendedMaximum: toldMaximum, recommendedInstance: toldInstance, ...state } = before;
  const { copies, policy, requestsPerSecond, meanServiceSeconds } = observation;
  const { objectiveMs, maxCopies: max } = config;
  const actions: (RecommendMaximum | RecommendInstance)[] = [];

  const demand = requestsPerSecond * meanServiceSeconds;
  const maximum = recommendMaximum({ desired: copies.desired, max }, demand, policy.target);
  let recommendedMaximum = maximum === undefined ? undefined : toldMaximum;
  // Where copies have room to spare, the target is what is wrong.
  if (maximum !== undefined && maximum > (toldMaximum ?? 0) && !slackProof(before, observation, config)) {
    recommendedMaximum = maximum;
    const reasons = [
      `${copies.desired} of at most ${max} copies, ${roundTo(demand, 2)} concurrent requests, target ${policy.target}`,
    ];
    actions.push({ type: 'recommend-maximum', component, copies: maximum, reasons });
  }
  const idleP95Ms = hopelessP95Ms(state.fit, objectiveMs);
  if (idleP95Ms !== undefined && toldInstance !== true) {
    const reasons = [`an idle copy's P95 is ${roundTo(idleP95Ms, 1)} ms, objective ${objectiveMs} ms`];
    actions.push({ type: 'recommend-instance', component, idleP95Ms, objectiveMs, reasons });
  }
  return {
    state: {
      ...state,
      ...(recommendedMaximum !== undefined && { recommendedMaximum }),
      ...(idleP95Ms !== undefined && { recommendedInstance: true }),
    },
    actions,
  };
}
