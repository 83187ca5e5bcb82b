import type { ComponentState } from './state';

/**
 * The state after a write of the policy that was refused: the change is neither awaited nor judged, but it counts in the
 * budget, so that what is refused is not asked for with every tick.
 */
export function withoutWrite(after: ComponentState, before: ComponentState): ComponentState {
  const {
    policy: { write, ...policy },
    canary: _,
    ...kept
  } = after;
  const { canary } = before;
  return {
    ...kept,
    policy: write === undefined ? policy : { ...policy, known: write.replaced },
    ...(canary !== undefined && { canary }),
  };
}
