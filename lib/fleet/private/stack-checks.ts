import { CfnResource, Stack } from 'aws-cdk-lib';
import { type Report, show } from '../../private/checks';
import type { FleetMember } from '../fleet-ref';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
const MOST_RESOURCES = 500;

/** Whether CloudFormation takes the stacks of the components. The CDK refuses them, too, but knows no remedy. */
export function checkStacks(members: readonly FleetMember[], report: Report): void {
  for (const stack of new Set(members.map((member) => Stack.of(member)))) {
    const count = stack.node
      .findAll()
      .filter((child) => CfnResource.isCfnResource(child) && child.stack === stack).length;
    if (count <= MOST_RESOURCES) continue;
    const remedy = `new InferenceComponent(new NestedStack(stack, 'Writers'), id, { fleet })`;
    report(
      'fleet/too-many-resources',
      'addComponent',
      `stack ${show(stack.stackName)} has ${count} resources, and CloudFormation takes ${MOST_RESOURCES}: make components in nested stacks, as in ${remedy}`,
    );
  }
}
