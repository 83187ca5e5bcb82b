import { createHash } from 'node:crypto';
import { Stack } from 'aws-cdk-lib';
import type { CfnInferenceComponent } from 'aws-cdk-lib/aws-sagemaker';
import type { IInferenceFleet } from '../fleet-ref';

/** CloudFormation takes at most 255 characters. */
const MAX_READABLE_CHARACTERS = 240;

/** What SageMaker cannot change of a component. */
interface Identity {
  readonly fleet: IInferenceFleet;
  readonly name: string;
  /** Name of the component that an adapter adapts. */
  readonly base?: string;
}

/**
 * Gives a component that becomes another one another logical id, so that CloudFormation replaces it.
 *
 * CloudFormation would update it in place: its schema names no property that only creation can set. `UpdateInferenceComponent` knows
 * neither endpoint nor variant, so the component would stay where it was.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_UpdateInferenceComponent.html
 */
export function replaceOnChange(resource: CfnInferenceComponent, { fleet, name, base }: Identity): void {
  const stack = Stack.of(resource);
  const logicalId = stack.getLogicalId(resource);
  const identity = stack.resolve({
    logicalId,
    fleet: pathInStack(fleet),
    endpoint: fleet.endpointName,
    variant: fleet.variantName,
    name,
    base,
  });
  const hash = createHash('sha256').update(JSON.stringify(identity)).digest('hex').slice(0, 8).toUpperCase();
  resource.overrideLogicalId(`${logicalId.slice(0, MAX_READABLE_CHARACTERS)}${hash}`);
}

/** What moves with the stack, as into a stage, stays what it is. */
function pathInStack(fleet: IInferenceFleet): string {
  const stack = Stack.of(fleet);
  return [stack.stackName, fleet.node.path.slice(stack.node.path.length)].join('');
}
