import type { BackendBinding, Binding, Bindings, SpilloverBinding } from './binding';

/** The backends behind a binding, in the order in which they are asked. */
export function alternativesOf(binding: Binding): readonly BackendBinding[] {
  return binding.type === 'spillover' ? binding.alternatives : [binding];
}

/** How the backends of a component take turns; undefined if it has but one, or none. */
export function spilloverOf(bindings: Bindings, component: string): SpilloverBinding | undefined {
  const binding = Object.hasOwn(bindings, component) ? bindings[component] : undefined;
  return binding?.type === 'spillover' ? binding : undefined;
}
