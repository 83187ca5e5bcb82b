import { Annotations, type Duration, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { ConfigurationError, type ConfigurationFault, formatFault } from '../errors';

/** Takes a fault that a check found. */
export type Report = (id: string, field: string, message: string) => void;

/** Runs the checks of a construct. @throws ConfigurationError that lists every fault they report */
export function assertConfiguration(construct: IConstruct, check: (report: Report) => void): void {
  const faults = faultsOf(check);
  if (faults.length > 0) throw new ConfigurationError(construct.node.path, faults);
}

/** Reports the faults of a part as those of the whole, under the field that the part is. */
export function collectFaults(field: string, report: Report, work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    for (const fault of error.faults) report(fault.id, `${field}.${fault.field}`, fault.message);
  }
}

/** Runs the checks when the app is synthesized, when everything that belongs to the construct is known. */
export function checkAtSynthesis(construct: IConstruct, check: (report: Report) => void): void {
  construct.node.addValidation({ validate: () => faultsOf(check).map(formatFault) });
}

/** Refuses the second call of a method that makes a child: `id` is the check's, `other` how to make more of them. */
export function assertFirst(construct: IConstruct, child: string, id: string, method: string, other: string): void {
  assertConfiguration(construct, (report) => {
    if (!construct.node.tryFindChild(child)) return;
    report(id, method, `was called already: keep what it returned, or use ${other}`);
  });
}

/** Warns at synthesis. The warning can be acknowledged by its id. */
export function warn(construct: IConstruct, id: string, message: string): void {
  Annotations.of(construct).addWarningV2(`cdk-compound-inference:${id}`, message);
}

/** The value, or undefined if it is known only when the stack is deployed, so that nothing can be checked now. */
export function known<T>(value: T | undefined): T | undefined {
  return Token.isUnresolved(value) ? undefined : value;
}

/** A duration in milliseconds, or undefined if it is not given or known only when the stack is deployed. */
export function knownMs(duration: Duration | undefined): number | undefined {
  return duration?.isUnresolved() === false ? duration.toMilliseconds() : undefined;
}

/** A value as messages show it. */
export function show(value: unknown): string {
  if (Token.isUnresolved(value)) return '(known at deployment)';
  // JSON has no word for NaN and Infinity.
  return typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? String(value));
}

function faultsOf(check: (report: Report) => void): ConfigurationFault[] {
  const faults: ConfigurationFault[] = [];
  check((id, field, message) => void faults.push({ id, field, message }));
  return faults;
}
