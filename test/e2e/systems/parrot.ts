import { graph, model, tool } from 'cdk-compound-inference/graph';
import { inferenceComponent8b, localSystem } from 'cdk-compound-inference/local';
import { z } from 'zod';

const lookUp = tool('look-up', { input: z.object({ word: z.string() }), output: z.object({ known: z.boolean() }) });

/** Repeats a text, with a model and a tool that fail on request. */
export const parrot = graph('parrot', {
  description: 'Repeats a text',
  input: z.strictObject({ text: z.string().max(2_000_000), times: z.int().min(1).max(9).optional() }),
  output: z.object({ said: z.string() }),
  retry: { attempts: 1 },
})
  .node('known', { call: lookUp, input: ({ input }) => ({ word: input.text }) })
  .node('voice', { call: model('voice'), input: ({ input }) => input.text })
  .output(['known', 'voice'], ({ voice }) => ({ said: voice.text }));

export default localSystem({
  graph: parrot,
  example: { text: "it's me" },
  components: {
    voice: {
      kind: 'chat-model',
      backend: { type: 'sagemaker', endpointName: 'zoo', inferenceComponentName: 'voice' },
      behaviour: { ...inferenceComponent8b, scaling: { ...inferenceComponent8b.scaling, minCopies: 1 } },
      brain: ({ messages }) => {
        const text = messages.at(-1)?.content ?? '';
        if (text.includes('a brain that throws')) throw new TypeError('out of words');
        return text;
      },
    },
    'look-up': {
      kind: 'function',
      backend: { type: 'lambda', functionName: 'look-up' },
      handler: (event) => {
        const { word } = event as { readonly word: string };
        if (word.includes('a function that throws')) throw new RangeError('out of shelves');
        return { known: true };
      },
    },
  },
});
