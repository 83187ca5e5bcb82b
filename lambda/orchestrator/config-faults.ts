import { bindingFaults, isObject } from '../../core/graph/binding-faults';
import { show } from '../../core/graph/show';

/** What is wrong with a configuration, field by field. */
export function* configFaults(config: unknown): Iterable<string> {
  if (!isObject(config)) return yield 'must be an object';
  const { bindings, deadlineMs } = config;
  if (deadlineMs !== undefined && !(typeof deadlineMs === 'number' && deadlineMs > 0)) {
    yield `deadlineMs must be a positive number, got: ${show(deadlineMs)}`;
  }
  if (!isObject(bindings)) return yield 'bindings must be an object with a binding for each component';
  for (const [component, binding] of Object.entries(bindings)) yield* bindingFaults(`bindings.${component}`, binding);
}
