import { graph, model } from 'cdk-compound-inference/graph';
import { serve } from 'cdk-compound-inference/runtime';
// Unlike `import { z }` this leaves out what is not used: two thirds of zod, most of it messages in fifty languages.
import * as z from 'zod';

const greet = graph('greet', { input: z.object({ name: z.string() }), output: z.object({ greeting: z.string() }) })
  .node('greeting', { call: model('writer'), input: ({ input }) => `Greet ${input.name}` })
  .output(({ greeting }) => ({ greeting: greeting.text }));

/** What a deployment bundles. */
export const handler = serve(greet);
