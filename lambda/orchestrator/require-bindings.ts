import { alternativesOf } from '../../core/graph/alternatives';
import type { Bindings } from '../../core/graph/binding';
import { formatFault } from '../../core/graph/format-fault';
import type { Graph } from '../../core/graph/graph';
import { BindingError } from './config';

/** Before the first call is paid for: a run that would meet a component which cannot be called must not begin. @throws BindingError */
export function requireBindings(agent: Graph, bindings: Bindings): void {
  const components = agent.components();
  const unbound = components.filter(({ name }) => !Object.hasOwn(bindings, name));
  if (unbound.length > 0) {
    const names = unbound.map(({ name }) => `"${name}"`).join(', ');
    throw new BindingError(`no backend is bound to ${names} of agent "${agent.name}": add it to the deployment`);
  }
  for (const { name, format } of components) {
    for (const { type } of alternativesOf(bindings[name]!)) {
      const fault = formatFault(format, type);
      if (fault !== undefined) throw new BindingError(`component "${name}" ${fault}`);
    }
  }
}
