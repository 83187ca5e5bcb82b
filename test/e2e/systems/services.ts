import { graph, model, tool } from 'cdk-compound-inference/graph';
import { importedModel8b, inferenceComponent8b, localSystem } from 'cdk-compound-inference/local';
import { z } from 'zod';

const double = tool('double', { input: z.object({ n: z.number() }), output: z.object({ n: z.number() }) });

/** One component of each AWS service, warm from the start. */
export const services = graph('services', { input: z.object({ n: z.number() }) })
  .node('doubled', { call: double, input: ({ input }) => input })
  .node('drafted', ['doubled'], { call: model('drafter'), input: ({ doubled }) => `${doubled.n}` })
  .node('written', ['drafted'], { call: model('writer'), input: ({ drafted }) => drafted.text })
  .output(['written'], ({ written }) => written.text);

export default localSystem({
  graph: services,
  example: { n: 21 },
  components: {
    double: {
      kind: 'function',
      backend: { type: 'lambda', functionName: 'double' },
      handler: (event) => ({ n: 2 * (event as { readonly n: number }).n }),
    },
    drafter: {
      kind: 'chat-model',
      backend: { type: 'sagemaker', endpointName: 'gpu', inferenceComponentName: 'drafter' },
      behaviour: { ...inferenceComponent8b, scaling: { ...inferenceComponent8b.scaling, minCopies: 1 } },
      brain: ({ messages }) => `You said: ${messages.at(-1)?.content}`,
    },
    writer: {
      kind: 'chat-model',
      backend: { type: 'bedrock', modelId: 'arn:aws:bedrock:us-east-1:111122223333:imported-model/abc123def456' },
      behaviour: { ...importedModel8b, scaling: { ...importedModel8b.scaling, minCopies: 1 } },
      brain: ({ messages }) => `You said: ${messages.at(-1)?.content}`,
    },
  },
});
