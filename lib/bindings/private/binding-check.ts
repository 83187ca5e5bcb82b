import type { IConstruct } from 'constructs';
import { bindingFaults } from '../../../core/graph/binding-faults';
import type { Report } from '../../private/checks';
import { longest } from '../../private/text-bounds';

/** Refuses what the runtime would refuse: bindings of backends that others implement have no other check. */
export function isBinding(scope: IConstruct, field: string, binding: unknown, report: Report): boolean {
  const faults = [...bindingFaults('binding', longest(scope, binding))];
  for (const fault of faults) report('agent/binding', field, fault);
  return faults.length === 0;
}
