import type { BackendBinding } from '../../../core/graph/binding';
import type { Component } from '../../../core/graph/component';
import { formatFault } from '../../../core/graph/format-fault';
import type { Report } from '../../private/checks';

/** Refuses a component whose wire format the backend cannot speak. */
export function checkFormat({ format }: Component, type: BackendBinding['type'], report: Report): void {
  const fault = formatFault(format, type);
  if (fault !== undefined) report('binding/format', 'format', fault);
}
