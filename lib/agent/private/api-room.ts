import { Stack } from 'aws-cdk-lib';
import { CfnModel } from 'aws-cdk-lib/aws-apigateway';
import { type Report, show } from '../../private/checks';
import { MOST_RESOURCES, resourcesOf } from '../../private/stack-resources';
import type { AgentApi } from '../agent-api';

/** Whether CloudFormation takes the stack of an API. The CDK refuses it, too, but knows no remedy. */
export function checkRoom(api: AgentApi, report: Report): void {
  const stack = Stack.of(api);
  const all = resourcesOf(stack).length;
  const own = resourcesOf(api).length;
  const rest = all - own;
  // Without the API it would be too large as well.
  if (all <= MOST_RESOURCES || rest > MOST_RESOURCES) return;
  const remedy =
    own <= MOST_RESOURCES
      ? `make the API in a stack of its own, as in new AgentApi(new NestedStack(stack, 'Front'), id, { agents })`
      : `spread the agents over several APIs, each in a stack of its own with at most ${mostAgents(api, own)} of them`;
  report(
    'api/too-many-agents',
    'agents',
    `make stack ${show(stack.node.path)} have ${all} resources, ${own} of them for this API, and CloudFormation takes ${MOST_RESOURCES}: ${remedy}`,
  );
}

/** For how many agents a stack has room beside what an API has once. */
function mostAgents({ restApi, agents, node }: AgentApi, own: number): number {
  const list = restApi.root.getResource('agents');
  const trees = agents.flatMap(({ graph }) => list?.getResource(graph.name) ?? []);
  const models = node.findAll().filter((child) => child instanceof CfnModel);
  const ofAgents = trees.reduce((sum, tree) => sum + resourcesOf(tree).length, models.length);
  return Math.max(1, Math.floor(((MOST_RESOURCES - own + ofAgents) * agents.length) / ofAgents));
}
