import { graph, model } from 'cdk-compound-inference/graph';
import { serve } from 'cdk-compound-inference/runtime';
import * as z from 'zod';

export const COMPONENTS_PER_AGENT = 10;

/** Ten agents that call their models one after another. */
export const largeAgents = Array.from({ length: 10 }, (_, agent) => {
  let builder: any = graph(`agent${agent}`, { input: z.object({ text: z.string() }) });
  for (let i = 0; i < COMPONENTS_PER_AGENT; i++) {
    builder = builder.node(`n${i}`, i === 0 ? [] : [`n${i - 1}`], {
      call: model(`model${agent}-${i}`),
      input: () => 'Go on',
    });
  }
  return builder.output([`n${COMPONENTS_PER_AGENT - 1}`], () => 'done');
});

export const handler = serve(largeAgents);
