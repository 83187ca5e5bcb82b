import { graph, tool } from 'cdk-compound-inference/graph';
import { serve } from 'cdk-compound-inference/runtime';
import * as z from 'zod';

/** So many that their bindings do not fit into the environment of a function. */
const TOOLS = 40;

const nameOf = (i: number): string => `tool-${i}`;

const Nothing = z.object({});
const Found = z.object({ sources: z.array(z.unknown()) });

const tools = Array.from({ length: TOOLS }, (_, i) => tool(nameOf(i), { input: Nothing, output: Found }));
const [first, ...others] = tools;

/** Could call many tools, and calls one of them. */
export const wide = others
  .reduce(
    (builder, call) => builder.node(call.name, { call, input: () => ({}), when: () => false }),
    graph('wide', { input: Nothing }).node(first!.name, { call: first!, input: () => ({}) }),
  )
  .output(
    tools.map(({ name }) => name),
    ({ [first!.name]: found }) => ({ sources: found!.sources.length }),
  );

export const handler = serve(wide);
