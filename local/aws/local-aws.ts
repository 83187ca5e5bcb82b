import { BrainError, type Model, RefusedError } from '../world/model';
import type { World } from '../world/world';
import { MetricStore } from './metrics/metric-store';
import { type CallOutcome, type ModelMetrics, modelMetrics } from './metrics/model-metrics';
import { InvalidInputError } from './read-json';
import { sagemakerModels } from './sagemaker-models';
import { ScalableTarget } from './scaling/scalable-target';

/** A world, and what AWS keeps about it. */
export class LocalAws {
  readonly metrics = new MetricStore();
  /** Of the inference components. */
  readonly scalableTargets: readonly ScalableTarget[];
  readonly #ofModels: ReadonlyMap<Model, ModelMetrics>;

  constructor(readonly world: World) {
    this.#ofModels = new Map(world.models.map((model) => [model, this.#observe(model)]));
    this.scalableTargets = sagemakerModels(world).flatMap(({ backend: { inferenceComponentName }, model }) =>
      inferenceComponentName === undefined ? [] : [new ScalableTarget(inferenceComponentName, model, world)],
    );
  }

  /** A call of a model, with its metrics. One that nobody waits for any more leaves none. */
  async measure<T>(model: Model, call: () => Promise<T>): Promise<T> {
    const { copiesInService } = model;
    const startedAtMs = this.world.nowMs;
    const end = (outcome: CallOutcome | undefined) => {
      if (outcome === undefined) return;
      const endedAtMs = this.world.nowMs;
      const latencyMs = endedAtMs - startedAtMs;
      this.#ofModels.get(model)?.recordCall({ outcome, latencyMs, endedAtMs, copiesInService });
    };
    try {
      const answer = await call();
      end('answered');
      return answer;
    } catch (error) {
      end(outcomeOf(error));
      throw error;
    }
  }

  #observe(model: Model): ModelMetrics {
    const metrics = modelMetrics(model, this.metrics);
    const { periodSeconds } = model.behaviour.scaling.rule;
    model.scaling((autoscaler) =>
      autoscaler.observe({
        onPeriod: (period) => metrics.recordPeriod(period, this.world.epochMs(period.endSeconds - periodSeconds)),
        onChange: () => {},
      }),
    );
    return metrics;
  }
}

function outcomeOf(error: unknown): CallOutcome | undefined {
  if (error instanceof RefusedError) return error.refusal;
  if (error instanceof InvalidInputError) return 'client-error';
  const isTimeout = error instanceof DOMException && error.name === 'TimeoutError';
  return isTimeout || error instanceof BrainError ? 'server-error' : undefined;
}
