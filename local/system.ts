import type { BackendBinding, Bindings, HttpBinding, SpilloverBinding } from '../core/graph/binding';
import type { Graph } from '../core/graph/graph';
import type { LocalComponent } from './world';

/** An agent and what stands in for its backends on this machine. */
export interface LocalSystem {
  readonly graph: Graph;
  /** By component name. A component left out has no binding: runs of the agent say so. */
  readonly components: Readonly<Record<string, LocalComponent>>;
  /** What takes the calls that a component cannot take now, by its name. @default - nothing: such calls wait */
  readonly spillover?: Readonly<Record<string, LocalSpillover>>;
  /** An input that shows what the agent can do. */
  readonly example: unknown;
}

/** More backends of a component, and when they are asked: see `SpilloverBinding`. */
export interface LocalSpillover extends Pick<SpilloverBinding, 'when' | 'breaker'> {
  /** In the order in which they are asked; one at least. */
  readonly to: readonly LocalComponent[];
}

/** Defines what `compound local` runs; a module exports it as its default. */
export function localSystem(system: LocalSystem): LocalSystem {
  return system;
}

/** Models of OpenAI-compatible servers, by the name of the component that they stand in for. */
export type ModelOverrides = Readonly<Record<string, Pick<HttpBinding, 'url' | 'model'>>>;

/** Where the components of a system are reached. A real model needs no other backend. */
export function bindingsOf({ components, spillover = {} }: LocalSystem, models: ModelOverrides): Bindings {
  return Object.fromEntries(
    Object.entries(components).map(([name, { backend }]) => {
      const override = Object.hasOwn(models, name) ? models[name] : undefined;
      return [name, override ? { type: 'http' as const, ...override } : bindingOf(backend, spillover[name])];
    }),
  );
}

function bindingOf(backend: BackendBinding, spillover: LocalSpillover | undefined): BackendBinding | SpilloverBinding {
  if (!spillover) return backend;
  const { to, ...rules } = spillover;
  return { type: 'spillover', alternatives: [backend, ...to.map((one) => one.backend)], ...rules };
}

/** Everything that stands in for a backend of the system. */
export function standInsOf({ components, spillover = {} }: LocalSystem): LocalComponent[] {
  return [...Object.values(components), ...Object.values(spillover).flatMap(({ to }) => to)];
}

/** Names of the components of a system that nothing stands in for. */
export function unboundComponents({ graph, components }: LocalSystem): string[] {
  return graph.components().flatMap(({ name }) => (Object.hasOwn(components, name) ? [] : [name]));
}
