import { Annotations, type Duration, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { ConfigurationError, type ConfigurationFault, formatFault } from '../errors';

/** Takes a fault that a check found. */
export type Report = (id: string, field: string, message: string) => void;

/**
 * Runs the checks of a construct, and makes what they allow.
 *
 * @throws ConfigurationError that lists every fault that they report, and those of what they make
 */
export function assertConfiguration<T>(construct: IConstruct, check: (report: Report) => T): T {
  const faults: ConfigurationFault[] = [];
  const report = reportTo(faults);
  try {
    const made = check(report);
    if (faults.length === 0) return made;
  } catch (error) {
    // Whatever else is thrown on the way must not hide what was wrong before.
    if (!(error instanceof ConfigurationError) && faults.length > 0) {
      throw new ConfigurationError(construct.node.path, faults, { cause: error });
    }
    reportFaults(error, '', report);
  }
  throw new ConfigurationError(construct.node.path, faults);
}

/** What checks report, and what is refused while they run. */
export function faultsOf(check: (report: Report) => void): readonly ConfigurationFault[] {
  const faults: ConfigurationFault[] = [];
  const report = reportTo(faults);
  collectFaults('', report, () => check(report));
  return faults;
}

/** Reports the faults of a part as those of the whole, under the field that the part is. */
export function collectFaults(field: string, report: Report, work: () => void): void {
  try {
    work();
  } catch (error) {
    reportFaults(error, field === '' ? '' : `${field}.`, report);
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

function reportTo(faults: ConfigurationFault[]): Report {
  return (id, field, message) => void faults.push({ id, field, message });
}

/** @throws whatever is no fault of a configuration */
function reportFaults(error: unknown, prefix: string, report: Report): void {
  if (!(error instanceof ConfigurationError)) throw error;
  for (const { id, field, message } of error.faults) report(id, `${prefix}${field}`, message);
}
