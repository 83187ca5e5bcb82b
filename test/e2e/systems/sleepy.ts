import { graph, model, tool } from 'cdk-compound-inference/graph';
import { localSystem } from 'cdk-compound-inference/local';
import { z } from 'zod';

const bell = tool('bell', { input: z.object({}), output: z.object({}) });

/** Rings, so that its test knows that it runs, and waits for a model that starts cold. */
export const sleepy = graph('sleepy', { input: z.object({}) })
  .node('ring', { call: bell, input: () => ({}) })
  .node('answer', ['ring'], { call: model('sleeper'), input: () => 'Wake up' })
  .output(['answer'], ({ answer }) => answer.text);

export default localSystem({
  graph: sleepy,
  example: {},
  components: {
    bell: {
      kind: 'function',
      backend: { type: 'lambda', functionName: 'bell' },
      handler: () => {
        process.stdout.write('ring\n');
        return {};
      },
    },
    sleeper: {
      kind: 'chat-model',
      backend: { type: 'sagemaker', endpointName: 'zoo', inferenceComponentName: 'sleeper' },
      brain: () => 'I slept well.',
    },
  },
});
