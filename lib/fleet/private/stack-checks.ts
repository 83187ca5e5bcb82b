import { Stack } from 'aws-cdk-lib';
import { CfnInferenceComponent } from 'aws-cdk-lib/aws-sagemaker';
import type { IConstruct } from 'constructs';
import { type Report, show } from '../../private/checks';
import { MOST_RESOURCES, resourcesOf } from '../../private/stack-resources';
import type { FleetMember } from '../fleet-ref';
import { stackNumberOf } from './component-stacks';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
const MOST_OUTPUTS = 200;

/** More than these would be looked for in vain: each holds some 90 components. */
export const MOST_COMPONENT_STACKS = 50;

/** What a nested stack has beside components: the policy that permits the role of the fleet to read what they need. */
const RESOURCES_OF_A_COMPONENT_STACK = 1;

/**
 * Whether CloudFormation takes the stacks of the components. The CDK refuses them, too, but knows no remedy.
 *
 * @param componentStacks of a fleet that can have them: the number it has, or 0
 */
export function checkStacks(
  fleet: IConstruct,
  members: readonly FleetMember[],
  componentStacks: number | undefined,
  report: Report,
): void {
  for (const stack of new Set(members.map((member) => Stack.of(member)))) {
    const count = resourcesOf(stack).length;
    if (count <= MOST_RESOURCES) continue;
    const found = `stack ${show(stack.node.path)} has ${count} resources, and CloudFormation takes ${MOST_RESOURCES}`;
    const isOwn = stack === Stack.of(fleet) || stack.node.scope === fleet;
    const least = isOwn && componentStacks !== undefined ? leastStacks(fleet, members, componentStacks) : undefined;
    if (least !== undefined) {
      const remedy = `give the fleet componentStacks: ${least}, the least number that fits; components that move are replaced`;
      report('fleet/too-many-resources', 'componentStacks', `${found}: ${remedy}`);
    } else {
      const remedy = `make components in nested stacks, as in new InferenceComponent(new NestedStack(stack, 'Writers'), id, { fleet })`;
      report('fleet/too-many-resources', 'addComponent', `${found}: ${remedy}`);
    }
  }
}

/** Undefined if no number fits, because too much of the stack is something else. */
function leastStacks(fleet: IConstruct, members: readonly FleetMember[], present: number): number | undefined {
  const stack = Stack.of(fleet);
  const placed = members.filter(({ node }) => isPlacedBy(fleet, node.scope));
  const sizes = placed.map((member) => {
    const resources = resourcesOf(member);
    // Each component and adapter may be named outside of its stack, by one output.
    const outputs = resources.filter((resource) => resource instanceof CfnInferenceComponent).length;
    return { id: member.node.id, resources: resources.length, outputs };
  });
  const inFleetStack = placed.filter((member) => Stack.of(member) === stack);
  const others = resourcesOf(stack).length - sum(inFleetStack.map((member) => resourcesOf(member).length)) - present;

  for (let count = present + 1; count <= MOST_COMPONENT_STACKS; count++) {
    const loads = Array.from({ length: count }, () => ({ resources: RESOURCES_OF_A_COMPONENT_STACK, outputs: 0 }));
    for (const { id, resources, outputs } of sizes) {
      const load = loads[stackNumberOf(id, count)]!;
      load.resources += resources;
      load.outputs += outputs;
    }
    const fits = loads.every((load) => load.resources <= MOST_RESOURCES && load.outputs <= MOST_OUTPUTS);
    if (fits && others + count <= MOST_RESOURCES) return count;
  }
  return undefined;
}

/** By `addComponent`, into the stack of the fleet or one of its nested stacks. */
function isPlacedBy(fleet: IConstruct, scope: IConstruct | undefined): boolean {
  return scope === fleet || (scope !== undefined && Stack.isStack(scope) && scope.node.scope === fleet);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
