import { known } from './checks';

/**
 * The name of an endpoint as its ARN has it, by which permissions go: SageMaker writes it in lower case there.
 *
 * @see https://github.com/philschmid/cdk-samples/issues/2
 */
export function endpointNameInArn(endpointName: string): string {
  return known(endpointName)?.toLowerCase() ?? endpointName;
}
