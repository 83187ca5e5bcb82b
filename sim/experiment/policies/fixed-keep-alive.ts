import type { RunObserver } from '../../agent/agent-runs';
import type { Policy, PolicyContext } from '../policy';
import { watchedModels } from './warm-config';
import type { WatchedModel } from './watched-model';

/**
 * Keeps one copy of each model for the same time after its last call, whoever calls and however often: what functions
 * as a service do, and what pre-warming has to beat.
 */
export function fixedKeepAlivePolicy(keepMinutes: number): Policy {
  return (context) => new FixedKeepAlive(keepMinutes * 60e6, context);
}

class FixedKeepAlive implements RunObserver {
  /** By position of the component; undefined for a tool or a function. */
  readonly #models: readonly (WatchedModel | undefined)[];
  readonly #ends: (() => void)[] = [];

  constructor(
    private readonly keepUs: number,
    private readonly context: PolicyContext,
  ) {
    const models = watchedModels(context);
    this.#models = context.components.map((component) => models.find(({ name }) => name === component));
  }

  onCallEnd(component: number): void {
    const model = this.#models[component];
    if (!model) return;
    const before = this.#ends[component];
    this.#ends[component] = model.autoscaler.raiseMinimum(1, this.context.timeline.nowUs + this.keepUs);
    before?.();
  }
}
