import { CfnResource, Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** Of a stack (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html). */
export const MOST_RESOURCES = 500;

/** What a construct has in its own stack. */
export function resourcesOf(construct: IConstruct): IConstruct[] {
  const stack = Stack.of(construct);
  return construct.node.findAll().filter((child) => CfnResource.isCfnResource(child) && child.stack === stack);
}
