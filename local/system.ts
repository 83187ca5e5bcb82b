import type { Bindings, HttpBinding } from '../core/graph/binding';
import type { Graph } from '../core/graph/graph';
import type { LocalComponent } from './world';

/** An agent and what stands in for its backends on this machine. */
export interface LocalSystem {
  readonly graph: Graph;
  /** By component name. A component left out has no binding: runs of the agent say so. */
  readonly components: Readonly<Record<string, LocalComponent>>;
  /** An input that shows what the agent can do. */
  readonly example: unknown;
}

/** Defines what `compound local` runs; a module exports it as its default. */
export function localSystem(system: LocalSystem): LocalSystem {
  return system;
}

/** Models of OpenAI-compatible servers, by the name of the component that they stand in for. */
export type ModelOverrides = Readonly<Record<string, Pick<HttpBinding, 'url' | 'model'>>>;

/** Where the components of a system are reached. */
export function bindingsOf({ components }: LocalSystem, models: ModelOverrides): Bindings {
  return Object.fromEntries(
    Object.entries(components).map(([name, { backend }]) => {
      const override = Object.hasOwn(models, name) ? models[name] : undefined;
      return [name, override ? { type: 'http' as const, ...override } : backend];
    }),
  );
}

/** Names of the components of a system that nothing stands in for. */
export function unboundComponents({ graph, components }: LocalSystem): string[] {
  return graph.components().flatMap(({ name }) => (Object.hasOwn(components, name) ? [] : [name]));
}
