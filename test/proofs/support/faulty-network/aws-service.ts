import type { ChatRequest } from '../../../../core/graph/chat';
import { createAwsEndpoint, LocalAws } from '../../../../local/aws';
import { importedModel8b, inferenceComponent8b, type LocalComponent, World, wallClock } from '../../../../local/world';
import { listen } from '../../../support/listen';
import { foundFor, rankedFor } from './answers';
import type { RunningService } from './http-service';

/** The local stack's models take seconds; a run of a proof takes milliseconds. */
const SPEED = 400;

const always = <Behaviour extends typeof inferenceComponent8b | typeof importedModel8b>(
  behaviour: Behaviour,
): Behaviour => ({
  ...behaviour,
  scaling: { ...behaviour.scaling, minCopies: 2 },
});

export const AWS_BACKENDS = {
  writer: { type: 'sagemaker', endpointName: 'fleet', inferenceComponentName: 'writer' },
  imported: { type: 'bedrock', modelId: 'arn:aws:bedrock:us-east-1:123456789012:imported-model/writer' },
  teller: { type: 'bedrock', modelId: 'arn:aws:bedrock:us-east-1:123456789012:imported-model/teller' },
  ranker: { type: 'sagemaker', endpointName: 'fleet', inferenceComponentName: 'ranker' },
  search: { type: 'lambda', functionName: 'search' },
} as const;

/** SageMaker, Bedrock and Lambda as the local stack serves them. */
export async function startAws(answerTo: (request: ChatRequest) => string): Promise<RunningService> {
  const behaviour = always(inferenceComponent8b);
  const imported = always(importedModel8b);
  const components: readonly LocalComponent[] = [
    { kind: 'chat-model', backend: AWS_BACKENDS.writer, behaviour, brain: answerTo },
    { kind: 'chat-model', backend: AWS_BACKENDS.imported, behaviour: imported, brain: answerTo },
    { kind: 'chat-model', backend: AWS_BACKENDS.teller, behaviour: imported, brain: answerTo },
    { kind: 'json-model', backend: AWS_BACKENDS.ranker, behaviour, brain: (input) => rankedFor(queryOf(input)) },
    { kind: 'function', backend: AWS_BACKENDS.search, handler: (event) => foundFor(queryOf(event)) },
  ];
  const clock = wallClock(SPEED);
  const aws = new LocalAws(new World(components, { clock }), { onEventFailure: () => {} });
  const { url, close } = await listen(createAwsEndpoint(aws));
  return {
    url,
    close: async () => {
      await aws.close();
      await close();
    },
  };
}

const queryOf = (input: unknown) => (input as { readonly query: string }).query;
