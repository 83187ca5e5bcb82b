import { graph, model } from 'cdk-compound-inference/graph';
import { localSystem } from 'cdk-compound-inference/local';
import { z } from 'zod';

/** Asks a model that starts cold; tests put a server of their own in its place. */
export const remote = graph('remote', { input: z.object({ text: z.string() }), retry: { attempts: 1 } })
  .node('answer', { call: model('oracle'), input: ({ input }) => input.text })
  .output(({ answer }) => answer.text);

export default localSystem({
  graph: remote,
  example: { text: 'hello' },
  components: {
    oracle: {
      kind: 'chat-model',
      backend: { type: 'sagemaker', endpointName: 'zoo', inferenceComponentName: 'oracle' },
      brain: () => 'I slept well.',
    },
  },
});
