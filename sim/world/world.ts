import type { Server } from '../agent/servers';
import { Fleet } from '../hosting/fleet';
import { ImportedModelHost } from '../hosting/imported-models';
import { type RandomStream, randomStream } from '../kernel/random';
import type { Timeline } from '../kernel/timeline';
import { ModelComponent } from './model-component';
import { Tool } from './tool';
import type { ComponentModel, ImportedModelModel, InferenceComponentModel, WorldModel } from './world-model';

export interface WorldOptions {
  readonly timeline: Timeline;
  /** Of cold starts and instances. */
  readonly seed: number;
  /** Copies of each component where capacity is fixed. @default - each scales by its own model */
  readonly fixedCopies?: Readonly<Record<string, number>>;
  /** Copies at the beginning, where they scale. @default the minimum */
  readonly initialCopies?: Readonly<Record<string, number>>;
}

/** What a copy in Bedrock needs of an instance that nobody sees. */
const NO_NEEDS = { accelerators: 0, vcpus: 0, memoryMiB: 0 };

/** Fleets, components and tools, on one timeline. */
export class World {
  readonly fleets: ReadonlyMap<string, Fleet>;
  readonly models: readonly ModelComponent[];
  readonly tools: readonly Tool[];
  readonly #servers: ReadonlyMap<string, Server>;
  readonly #importedHosts: ImportedModelHost[] = [];

  constructor(
    model: WorldModel,
    private readonly options: WorldOptions,
  ) {
    const { timeline } = options;
    this.fleets = new Map(
      Object.entries(model.fleets).map(([name, fleet]) => {
        const limits = options.fixedCopies ? { ...fleet, minInstances: 0, maxInstances: Infinity } : fleet;
        return [name, new Fleet(limits, timeline, this.#random(name, 'instances'))];
      }),
    );
    const components = Object.entries(model.components);
    const servers = components.map(([name, component]) => [name, this.#build(name, component)] as const);
    this.#servers = new Map(servers);
    this.models = servers.flatMap(([, server]) => (server instanceof ModelComponent ? [server] : []));
    this.tools = servers.flatMap(([, server]) => (server instanceof Tool ? [server] : []));
  }

  /** @throws Error if there is none of that name */
  server(name: string): Server {
    const server = this.#servers.get(name);
    if (server) return server;
    throw new Error(`the world has no component ${name}; it has: ${[...this.#servers.keys()].join(', ')}`);
  }

  get instanceCount(): number {
    return [...this.fleets.values()].reduce((count, fleet) => count + fleet.instanceCount, 0);
  }

  costUsd(fromUs: number, toUs: number): number {
    const billed = [...this.fleets.values(), ...this.#importedHosts, ...this.tools];
    return billed.reduce((sum, each) => sum + each.costUsd(fromUs, toUs), 0);
  }

  instanceHours(fromUs: number, toUs: number): number {
    return [...this.fleets.values()].reduce((sum, fleet) => sum + fleet.instanceHours(fromUs, toUs), 0);
  }

  #build(name: string, component: ComponentModel): ModelComponent | Tool {
    if (component.kind === 'tool') return new Tool(name, component, this.options.timeline);
    return component.kind === 'imported-model' ? this.#imported(name, component) : this.#inference(name, component);
  }

  #inference(name: string, model: InferenceComponentModel): ModelComponent {
    const fleet = this.fleets.get(model.fleet);
    if (!fleet) throw new Error(`component ${name} is on fleet ${model.fleet}, which the world does not have`);
    const fixed = this.options.fixedCopies?.[name];
    const { scaling, ...rest } = model;
    const component = new ModelComponent(
      name,
      fixed === undefined ? model : rest,
      fleet,
      this.options.timeline,
      this.#random(name, 'cold-start'),
    );
    const copies = fixed ?? this.#initial(name, scaling.minCopies);
    for (let copy = 0; copy < copies; copy++) component.pool.addStarted(fleet.placeStarted(name, model.needs));
    return component;
  }

  #imported(name: string, model: ImportedModelModel): ModelComponent {
    const host = new ImportedModelHost(model.hosting, this.options.timeline);
    this.#importedHosts.push(host);
    const pooled = { ...model, needs: NO_NEEDS };
    const component = new ModelComponent(name, pooled, host, this.options.timeline, this.#random(name, 'cold-start'));
    for (let copy = 0; copy < this.#initial(name, model.scaling.minCopies); copy++) {
      component.pool.addStarted(host.placeStarted());
    }
    return component;
  }

  #initial(name: string, minCopies: number): number {
    return Math.max(minCopies, this.options.initialCopies?.[name] ?? 0);
  }

  #random(entity: string, purpose: string): RandomStream {
    return randomStream(this.options.seed, entity, purpose);
  }
}
