import { z } from 'zod';
import { graph, type HttpBinding, model } from '../../../core/graph';

export const greet = graph('greet', {
  description: 'Greets people',
  input: z.object({ name: z.string(), titles: z.array(z.string()).optional() }),
  output: z.object({ greeting: z.string() }),
  retry: { attempts: 1 },
})
  .node('greeting', { call: model('writer'), input: ({ input }) => `Greet ${input.name}` })
  .output(({ greeting }) => ({ greeting: greeting.text }));

/** What an OpenAI-compatible server answers. */
export const completion = (content: string) => ({ choices: [{ message: { content }, finish_reason: 'stop' }] });

export const writerAt = (url: string): { readonly writer: HttpBinding } => ({
  writer: { type: 'http', url, price: { perCallUsd: 0.0025 } },
});
