import type { LocalComponent } from 'cdk-compound-inference/local';

/** The component with one copy at least, so that its calls wait for no cold start; a function as it is. */
export function warm(component: LocalComponent): LocalComponent {
  if (component.kind === 'function') return component;
  const behaviour = component.behaviour!;
  return { ...component, behaviour: { ...behaviour, scaling: { ...behaviour.scaling, minCopies: 1 } } };
}
