import type { WarmConfig, WarmObservation, WarmState } from './policy';
import type { OpenRequest, RunForecast } from './run-forecast';
import { WarmBook } from './warm-book';

/**
 * When a run will get to its nodes and what it may want of which component, as the policies see it.
 *
 * @returns undefined for a probe, and for a graph that is not configured
 */
export function forecastRun(
  request: OpenRequest,
  state: WarmState,
  observation: WarmObservation,
  config: WarmConfig,
  nowMs: number,
): RunForecast | undefined {
  return new WarmBook(state, observation, config, nowMs).forecast(request);
}
