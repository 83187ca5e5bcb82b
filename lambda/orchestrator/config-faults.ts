import type { RuntimeWarming } from '../../core/api/config-variable';
import { bindingFaults } from '../../core/graph/binding-faults';
import { each, type Fields, isObject, name, objectFaults } from '../../core/graph/field-faults';
import { show } from '../../core/graph/show';

const WARMING: Fields<RuntimeWarming> = { table: name, functionName: name, components: each(name) };

/** What is wrong with a configuration, field by field. */
export function* configFaults(config: unknown): Iterable<string> {
  if (!isObject(config)) return yield 'must be an object';
  const { bindings, deadlineMs, warming } = config;
  if (deadlineMs !== undefined && !(typeof deadlineMs === 'number' && deadlineMs > 0)) {
    yield `deadlineMs must be a positive number, got: ${show(deadlineMs)}`;
  }
  if (warming !== undefined) yield* objectFaults('warming', warming, WARMING);
  if (!isObject(bindings)) return yield 'bindings must be an object with a binding for each component';
  for (const [component, binding] of Object.entries(bindings)) yield* bindingFaults(`bindings.${component}`, binding);
}
