import { graph, tool } from 'cdk-compound-inference/graph';
import { serve } from 'cdk-compound-inference/runtime';
import * as z from 'zod';

/** So many that their bindings do not fit into the environment of a function. */
const TOOLS = 40;

const tools = Array.from({ length: TOOLS }, (_, i) =>
  tool(`tool-${i}`, { input: z.object({}), output: z.object({ sources: z.array(z.object({})) }) }),
);
const [first, ...others] = tools;

/** Calls one of many tools. */
export const wide = others
  .reduce(
    (builder, call) => builder.node(call.name, { call, input: () => ({}), when: () => false }),
    graph('wide', { input: z.object({}) }).node(first!.name, { call: first!, input: () => ({}) }),
  )
  .output(({ [first!.name]: found }) => ({ sources: found?.sources.length ?? 0 }));

export const handler = serve(wide);
