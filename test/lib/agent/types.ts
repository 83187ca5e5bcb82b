/* What TypeScript must refuse of an agent's bindings. Each expected error that does not occur fails `npm run check`. */
/* oxlint-disable no-dupe-keys */
import { graph, model, tool } from 'cdk-compound-inference/graph';
import type { Construct } from 'constructs';
import { z } from 'zod';
import { Agent, type IComponent } from '../../../lib';

const any = z.object({});
const support = graph('support', { input: any })
  .node('plan', { call: model('planner'), input: () => 'Plan' })
  .map('facts', {
    over: () => [1],
    call: tool('search', { input: any, output: any }),
    input: () => ({}),
  })
  .compute('sum', ['facts'], ({ facts }) => facts.length)
  .output(({ plan, sum }) => `${plan.text} ${sum}`);

declare const scope: Construct;
declare const bound: IComponent;

export const accepted = new Agent(scope, 'Support', {
  graph: support,
  entry: 'support.ts',
  components: { planner: bound, search: bound },
});

new Agent(scope, 'Support', {
  graph: support,
  // @ts-expect-error a component that is not bound
  components: { planner: bound },
});
new Agent(scope, 'Support', {
  graph: support,
  // @ts-expect-error a component that the graph does not call
  components: { planner: bound, search: bound, writer: bound },
});
new Agent(scope, 'Support', {
  graph: support,
  components: {
    // biome-ignore lint/suspicious/noDuplicateObjectKeys: the mistake that TypeScript must find
    planner: bound,
    search: bound,
    // @ts-expect-error a component that is bound twice
    planner: bound,
  },
});
new Agent(scope, 'Support', {
  graph: support,
  // @ts-expect-error what is no component
  components: { planner: bound, search: 'search-function' },
});
