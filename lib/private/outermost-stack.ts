import { Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** The stack that holds a construct, or the one that holds that if it is nested: CloudFormation deploys it as a whole. */
export function outermostStack(construct: IConstruct): Stack {
  const stack = Stack.of(construct);
  return stack.nestedStackParent === undefined ? stack : outermostStack(stack.nestedStackParent);
}
