import * as z from 'zod';
import { graph, model } from '../../core/graph/index.ts';
import { serve } from '../../lambda/orchestrator/index.ts';

/** The least an agent can be: what is measured is the function around it. */
export const agent = graph('bench', {
  input: z.object({ question: z.string() }),
  output: z.object({ answer: z.string() }),
})
  .node('answer', { call: model('answerer'), input: ({ input }) => input.question })
  .output(({ answer }) => ({ answer: answer.text }));

export const handler = serve(agent);
