import { graph, model } from 'cdk-compound-inference/graph';
import { localSystem } from 'cdk-compound-inference/local';
import { z } from 'zod';

/** An agent with a component that nothing stands in for. */
export const unbound = graph('unbound', { input: z.object({ text: z.string() }) })
  .node('answer', { call: model('nobody'), input: ({ input }) => input.text })
  .output(({ answer }) => answer.text);

export default localSystem({ graph: unbound, components: {}, example: { text: 'hello' } });
