import type { Clock } from '../../core/run/call';
import type { FleetModel } from '../../sim/hosting/fleet-model';
import { ClockedTimeline } from '../../sim/kernel/clocked-timeline';
import type { ComponentState } from '../../sim/world/model-component';
import { singleGpuFleet } from '../../sim/world/presets';
import { World as SimulatedWorld } from '../../sim/world/world';
import { backendId, type LocalBackend } from './backend-id';
import { behaviourOf } from './behaviour';
import type { LocalComponent, LocalFunction, ModelBehaviour } from './component';
import { ChatModel, JsonModel, type Model } from './model';

/** Instances of a fleet. */
export interface InstanceCounts {
  /** Those that are up. */
  readonly current: number;
  /** Those and the ones under way. */
  readonly desired: number;
}

export interface WorldOptions {
  /** A wall clock for a local stack, a virtual clock for a test. */
  readonly clock: Clock;
  /**
   * Of the spread of the cold starts.
   *
   * @default 1
   */
  readonly seed?: number;
  /**
   * Instances for inference components, by the name of the fleet that their behaviour gives.
   *
   * @default - instances with one GPU
   */
  readonly fleets?: Readonly<Record<string, FleetModel>>;
  /**
   * When the world's time begins, in milliseconds since 1970. From then on it runs as fast as the clock: the world of a
   * stack at speed 60 is a minute further each second, and so are the time stamps of its metrics.
   *
   * @default - the present
   */
  readonly startsAtMs?: number;
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
  readonly #simulated: SimulatedWorld;
  readonly #time: ClockedTimeline;
  readonly #startsAtMs: number;

  /** @throws Error if two components stand in for the same backend. */
  constructor(components: readonly LocalComponent[], options: WorldOptions) {
    const { clock, seed = 1, fleets = {}, startsAtMs = Date.now() } = options;
    const ids = components.map(({ backend }) => backendId(backend));
    const duplicate = ids.find((id, index) => ids.indexOf(id) !== index);
    if (duplicate) throw new Error(`two local components stand in for ${duplicate}`);

    this.clock = clock;
    this.functions = components.filter((component) => component.kind === 'function');
    const time = new ClockedTimeline(clock);
    const definitions = components.filter((component) => component.kind !== 'function');
    const behaviours = new Map(definitions.map((each) => [backendId(each.backend), behaviourOf(each)]));
    const simulated = time.now(() => simulate(behaviours, fleets, time, seed));
    this.#simulated = simulated;
    this.#time = time;
    this.#startsAtMs = startsAtMs;
    this.models = definitions.map((definition) => {
      const id = backendId(definition.backend);
      const component = simulated.models.find(({ name }) => name === id)!;
      const behaviour = behaviours.get(id)!;
      return definition.kind === 'chat-model'
        ? new ChatModel(id, definition, behaviour, component, time)
        : new JsonModel(id, definition, behaviour, component, time);
    });
  }

  /** The present of the world, in milliseconds since 1970. */
  get nowMs(): number {
    return this.epochMs(this.#time.now(() => this.#time.timeline.nowUs) / 1e6);
  }

  /** A moment of the world, in milliseconds since 1970. */
  epochMs(worldSeconds: number): number {
    return this.#startsAtMs + Math.round(worldSeconds * 1e6) / 1000;
  }

  /** @returns undefined if there is no such fleet */
  instances(fleetName: string): InstanceCounts | undefined {
    const fleet = this.#simulated.fleets.get(fleetName);
    return fleet && this.#time.now(() => ({ current: fleet.upCount, desired: fleet.instanceCount }));
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

function simulate(
  behaviours: ReadonlyMap<string, ModelBehaviour>,
  fleets: Readonly<Record<string, FleetModel>>,
  { timeline }: ClockedTimeline,
  seed: number,
): SimulatedWorld {
  const fleetNames = [...behaviours.values()].flatMap((each) => ('fleet' in each ? [each.fleet] : []));
  return new SimulatedWorld(
    {
      fleets: Object.fromEntries(fleetNames.map((name) => [name, fleets[name] ?? singleGpuFleet])),
      components: Object.fromEntries(behaviours),
    },
    { timeline, seed },
  );
}
