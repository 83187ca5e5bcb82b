import type { Clock } from '../../core/run/call';
import type { ComponentState } from '../../sim/component';
import { backendId, type LocalBackend } from './backend-id';
import type { LocalComponent, LocalFunction } from './component';
import { ChatModel, JsonModel, type Model } from './model';

export interface WorldOptions {
  /** A wall clock for a local stack, a virtual clock for a test. */
  readonly clock: Clock;
  /**
   * Of the spread of the cold starts.
   *
   * @default 1
   */
  readonly seed?: number;
}

/** How a component stands now. */
export interface ComponentSnapshot {
  /** Such as `sagemaker/writer`; unique in a world. */
  readonly id: string;
  readonly kind: LocalComponent['kind'];
  readonly backend: LocalBackend;
  /** Absent for a function, which has no copies. */
  readonly state?: ComponentState;
}

/** The local components of one stack. */
export class World {
  readonly clock: Clock;
  readonly models: readonly Model[];
  readonly functions: readonly LocalFunction[];

  /** @throws Error if two components stand in for the same backend. */
  constructor(components: readonly LocalComponent[], { clock, seed = 1 }: WorldOptions) {
    const ids = components.map(({ backend }) => backendId(backend));
    const duplicate = ids.find((id, index) => ids.indexOf(id) !== index);
    if (duplicate) throw new Error(`two local components stand in for ${duplicate}`);

    this.clock = clock;
    this.functions = components.filter((component) => component.kind === 'function');
    this.models = components
      .filter((component) => component.kind !== 'function')
      .map((definition) =>
        definition.kind === 'chat-model'
          ? new ChatModel(definition, clock, seed)
          : new JsonModel(definition, clock, seed),
      );
  }

  /** The model of the given id, such as `sagemaker/writer`. */
  model(id: string): Model | undefined {
    return this.models.find((model) => model.id === id);
  }

  /** The function of the given name or ARN. */
  function(nameOrArn: string): LocalFunction | undefined {
    const id = backendId({ type: 'lambda', functionName: nameOrArn });
    return this.functions.find(({ backend }) => backendId(backend) === id);
  }

  /** Every component, for a page that shows them. */
  snapshot(): ComponentSnapshot[] {
    return [
      ...this.models.map(({ id, kind, backend, state }) => ({ id, kind, backend, state })),
      ...this.functions.map(({ kind, backend }) => ({ id: backendId(backend), kind, backend })),
    ];
  }
}
