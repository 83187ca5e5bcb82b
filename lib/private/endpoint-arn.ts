import { Token } from 'aws-cdk-lib';
import { known, type Report } from './checks';

/**
 * An ARN of an endpoint or of an inference component, once for each case in which SageMaker may write its name: as it was given, or in
 * lower case. It documents neither, both have been seen, and policies compare ARNs by case. An ARN that is known only at deployment is
 * what SageMaker wrote.
 *
 * @see https://github.com/philschmid/cdk-samples/issues/2
 * @see https://github.com/prometheus-community/yet-another-cloudwatch-exporter/pull/1793
 */
export function arnInEachCase(arn: string): string[] {
  const start = arn.lastIndexOf('/') + 1;
  const name = known(arn.slice(start));
  return start === 0 || name === undefined ? [arn] : [...new Set([arn, arn.slice(0, start) + name.toLowerCase()])];
}

/** Refuses a name of which nobody can tell what it is in lower case, for want of the ARN. */
export function checkEndpointName(id: string, endpointName: string, remedy: string, report: Report): void {
  if (!Token.isUnresolved(endpointName)) return;
  report(id, 'endpointName', `is known only at deployment, and so is its case: ${remedy}`);
}
