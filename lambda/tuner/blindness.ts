import { type ComponentConfig, type ComponentObservation, observationFault } from '../../core/scale';
import type { Blind, Look } from './aws-look';
import type { MeasuredComponent } from './component-metrics';

/**
 * Whether nothing could be decided about a component although there is something to decide: what could not be read, is
 * old or implausible, or has no objective yet. One without calls misses nothing.
 */
export function isBlind(
  look: Look | Blind,
  observation: ComponentObservation | undefined,
  config: ComponentConfig | undefined,
  nowMs: number,
): boolean {
  if ('fault' in look) return true;
  if (isIdle(look.measured)) return false;
  if (observation === undefined || config === undefined) return true;
  return observationFault(observation, config.objectiveMs, nowMs) !== undefined;
}

/** Whether no call is told of, and no copy had any. */
export function isIdle({ minutes, concurrency }: MeasuredComponent): boolean {
  return minutes.every(({ minute }) => minute.ended === 0) && concurrency.every((sample) => sample === 0);
}
