import { createHash } from 'node:crypto';
import { Lazy, Stack } from 'aws-cdk-lib';
import type { CfnInferenceComponent } from 'aws-cdk-lib/aws-sagemaker';
import { known } from '../../private/checks';
import { partOfStackId } from '../../private/stack-id';
import type { IInferenceFleet } from '../fleet-ref';

/** CloudFormation takes at most 255 characters. */
const MAX_READABLE_CHARACTERS = 240;

/** A name has at most 63: this, the hash, what tells the stack, and two hyphens. */
const MAX_STEM_CHARACTERS = 45;

/** What the CDK puts at the end of logical ids. */
const PATH_HASH = /(?<=.)[0-9A-F]{8}$/;

/** What SageMaker cannot change of a component. */
interface Identity {
  readonly fleet: IInferenceFleet;
  /** As chosen; resolves to nothing if none was. */
  readonly name: string;
  /** Name of the component that an adapter adapts. */
  readonly base?: string;
}

/**
 * Names a component, and gives one that becomes another one another logical id, so that CloudFormation replaces it.
 *
 * CloudFormation would update it in place: its schema names no property that only creation can set. `UpdateInferenceComponent` knows
 * neither endpoint nor variant, so the component would stay where it was.
 *
 * A name that nobody chose changes with the logical id, since the new component is made first. It is in lower case: a name that is read
 * out of an ARN may be so in any case, and neither metrics nor scaling would know one with capitals by it.
 *
 * @returns the name, without a reference to the component: only in its own stack it is this one
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_UpdateInferenceComponent.html
 */
export function identify(resource: CfnInferenceComponent, { fleet, name: chosen, base }: Identity): string {
  const stack = Stack.of(resource);
  const logicalId: string = stack.resolve(stack.getLogicalId(resource));
  const stem = logicalId.replace(PATH_HASH, '').slice(0, MAX_STEM_CHARACTERS).toLowerCase();
  const identity = stack.resolve({
    logicalId,
    fleet: pathInStack(fleet),
    endpoint: fleet.endpointName,
    variant: fleet.variantName,
    name: chosen,
    stem: stack.resolve(chosen) === undefined ? stem : undefined,
    base,
  });
  const hash = createHash('sha256').update(JSON.stringify(identity)).digest('hex').slice(0, 8);
  resource.overrideLogicalId(`${logicalId.slice(0, MAX_READABLE_CHARACTERS)}${hash.toUpperCase()}`);

  const made = `${stem}-${hash}-${partOfStackId()}`;
  // A name may also be chosen later, when another Region turns out to need one.
  const name = known(chosen) ?? Lazy.uncachedString({ produce: (context) => context.resolve(chosen) ?? made });
  resource.inferenceComponentName = name;
  return name;
}

/** What moves with the stack, as into a stage, stays what it is. */
function pathInStack(fleet: IInferenceFleet): string {
  const stack = Stack.of(fleet);
  return [stack.stackName, fleet.node.path.slice(stack.node.path.length)].join('');
}
