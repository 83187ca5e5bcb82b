import { BrainError, type Model, RefusedError } from '../world/model';
import type { World } from '../world/world';
import type { LocalTable } from './dynamodb/local-table';
import { Tables } from './dynamodb/tables';
import { Faults } from './faults';
import { type EventFailure, Invocations } from './lambda/invocations';
import { type Schedule, Scheduler } from './lambda/scheduler';
import { LogStore } from './log-store';
import { MetricStore } from './metrics/metric-store';
import { type CallOutcome, type ModelMetrics, modelMetrics } from './metrics/model-metrics';
import { InvalidInputError } from './read-json';
import { sagemakerModels } from './sagemaker-models';
import { ScalableTarget } from './scaling/scalable-target';

export interface LocalAwsOptions {
  /** Tables of DynamoDB, empty at first. @default - none */
  readonly tables?: readonly LocalTable[];
  /** What runs functions again and again. @default - nothing */
  readonly schedules?: readonly Schedule[];
  /** Told of each event that its function failed to handle. @default - a line on standard error */
  readonly onEventFailure?: (failure: EventFailure) => void;
}

/** A world, and what AWS keeps about it. */
export class LocalAws {
  readonly metrics = new MetricStore();
  readonly logs = new LogStore();
  readonly tables: Tables;
  /** What is to go wrong, for tests. */
  readonly faults: Faults;
  readonly invocations: Invocations;
  readonly #scheduler: Scheduler;
  /** Of the inference components. */
  readonly scalableTargets: readonly ScalableTarget[];
  readonly #ofModels: ReadonlyMap<Model, ModelMetrics>;

  /** @throws Error if a schedule is for a function that is not there */
  constructor(
    readonly world: World,
    { tables = [], schedules = [], onEventFailure = logEventFailure }: LocalAwsOptions = {},
  ) {
    this.tables = new Tables(tables, world);
    this.faults = new Faults(world.clock);
    this.invocations = new Invocations(world.clock, onEventFailure);
    this.#scheduler = new Scheduler(schedules, world, this.invocations);
    this.#ofModels = new Map(world.models.map((model) => [model, this.#observe(model)]));
    this.scalableTargets = sagemakerModels(world).flatMap(({ backend: { inferenceComponentName }, model }) =>
      inferenceComponentName === undefined ? [] : [new ScalableTarget(inferenceComponentName, model, world)],
    );
  }

  /** Ends the schedules, and waits a moment for the events that functions are still handling. */
  close(): Promise<void> {
    this.#scheduler.stop();
    return this.invocations.close();
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

function logEventFailure({ functionName, attempt, isRetried, error }: EventFailure): void {
  const end = isRetried ? 'it will be tried again' : 'it is dropped';
  console.error(`${functionName} failed to handle an event (try ${attempt}), ${end}: ${error}`);
}

function outcomeOf(error: unknown): CallOutcome | undefined {
  if (error instanceof RefusedError) return error.refusal;
  if (error instanceof InvalidInputError) return 'client-error';
  const isTimeout = error instanceof DOMException && error.name === 'TimeoutError';
  return isTimeout || error instanceof BrainError ? 'server-error' : undefined;
}
