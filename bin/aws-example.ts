import type { CallNode, NodeDefinition } from '../core/graph/definition';
import { toChatRequest } from '../lambda/backends/formats/chat-request';
import type { LocalComponent, LocalSystem } from '../local';
import { shellQuoted } from './shell-quoted';

/** A model on SageMaker, and what it can be asked. */
interface Asked {
  readonly endpointName: string;
  readonly inferenceComponentName?: string;
  readonly body: object;
}

const HELLO = { messages: [{ role: 'user', content: 'Hello' }] };

/**
 * Two commands of a shell that ask a model with the AWS CLI, which wants a Region and keys whatever it calls; undefined without a chat
 * model on SageMaker. It is asked what the graph asks it for the example, because it may understand nothing else.
 */
export function awsExample(url: string, systems: readonly LocalSystem[]): readonly string[] | undefined {
  const asked = systems.flatMap(firstAsked)[0] ?? systems.flatMap(greeted)[0];
  if (asked === undefined) return undefined;
  const { endpointName, inferenceComponentName, body } = asked;
  const call = [
    'AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local aws sagemaker-runtime invoke-endpoint --region us-east-1',
    `--endpoint-url ${url} --endpoint-name ${endpointName}`,
    ...(inferenceComponentName === undefined ? [] : [`--inference-component-name ${inferenceComponentName}`]),
    '--content-type application/json --body fileb://body.json answer.json && cat answer.json',
  ];
  return [`printf %s ${shellQuoted(JSON.stringify(body))} > body.json`, call.join(' ')];
}

/** Models that the graph asks first, and so knows what without having asked another. */
function firstAsked({ graph, components, example }: LocalSystem): Asked[] {
  return graph.definition.nodes.filter(isFirst).flatMap(({ call, input }) => {
    const target = targetOf(components[call.name]);
    if (target === undefined) return [];
    try {
      return [{ ...target, body: toChatRequest(input({ input: example })) }];
    } catch {
      // The example lacks what the input schema fills in.
      return [];
    }
  });
}

function greeted({ components }: LocalSystem): Asked[] {
  return Object.values(components).flatMap((component) => {
    const target = targetOf(component);
    return target ? [{ ...target, body: HELLO }] : [];
  });
}

function isFirst(node: NodeDefinition): node is CallNode {
  return node.kind === 'call' && node.needs.length === 0 && node.reads === undefined;
}

function targetOf(component: LocalComponent | undefined): Omit<Asked, 'body'> | undefined {
  if (component?.kind !== 'chat-model' || component.backend.type !== 'sagemaker') return undefined;
  const { endpointName, inferenceComponentName } = component.backend;
  return { endpointName, ...(inferenceComponentName !== undefined && { inferenceComponentName }) };
}
