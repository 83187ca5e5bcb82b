import { graph, model } from 'cdk-compound-inference/graph';
import { serve } from 'cdk-compound-inference/runtime';
import * as z from 'zod';

const teller = graph('teller', { input: z.object({ topic: z.string() }), retry: { attempts: 1 } })
  .node('story', { call: model('writer'), input: ({ input }) => input.topic, stream: true })
  .output(['story'], ({ story }) => story.text);

export const handler = serve(teller);
