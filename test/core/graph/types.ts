/* What TypeScript must refuse. Each expected error that does not occur fails the type check. */
import { graph, model, tool } from 'cdk-compound-inference/graph';
import type { Engine } from 'cdk-compound-inference/run';
import { z } from 'zod';

const planner = model('planner', { output: z.object({ queries: z.array(z.string()) }) });
const search = tool('search', {
  input: z.object({ query: z.string() }),
  output: z.object({ passages: z.array(z.string()) }),
});
const writer = model('writer');
const start = graph('support', { input: z.object({ question: z.string() }) });
const planned = start.node('plan', { call: planner, input: ({ input }) => input.question });

export const accepted = planned
  .map('facts', ['plan'], {
    over: ({ plan }) => plan.queries,
    call: search,
    input: (query) => ({ query }),
    concurrency: 8,
  })
  .compute('passages', ['facts'], ({ facts }) => facts.flatMap(({ passages }) => passages))
  .node('answer', ['passages'], {
    call: writer,
    input: ({ input, passages }) => `${input.question} ${passages.join('; ')}`,
    when: ({ passages }) => passages.length > 0,
  })
  .output(({ answer }) => ({ answer: answer?.text ?? 'I do not know' }));

// @ts-expect-error a needed node that does not exist
planned.node('x', ['nope'], { call: writer, input: () => 'hi' });
// @ts-expect-error a needed node that does not exist
planned.map('x', ['nope'], { over: () => [1], call: writer, input: () => 'hi' });
// @ts-expect-error a needed node that does not exist
planned.compute('x', ['nope'], () => 1);
// @ts-expect-error a needed node that does not exist
planned.output(['nope'], () => 1);
// @ts-expect-error a node that comes later
start.compute('a', ['b'], () => 1).compute('b', [], () => 1);
// @ts-expect-error a node that needs itself
start.compute('a', ['a'], () => 1);
// @ts-expect-error a duplicate id
planned.node('plan', { call: writer, input: () => 'hi' });
// @ts-expect-error a duplicate id
planned.map('plan', { over: () => [1], call: writer, input: () => 'hi' });
// @ts-expect-error a duplicate id
planned.compute('plan', [], () => 1);
const further = planned.compute('a', [], () => 1).compute('b', [], () => 1);
// @ts-expect-error a duplicate id, however far back
further.compute('plan', [], () => 1);
// @ts-expect-error the name of the run's input
planned.compute('input', [], () => 1);
// @ts-expect-error an edge of the wrong type: queries is a list
planned.node('x', ['plan'], { call: search, input: ({ plan }) => ({ query: plan.queries }) });
// @ts-expect-error an edge of the wrong type: no chat request
planned.node('x', ['plan'], { call: writer, input: ({ plan }) => plan });
// @ts-expect-error an edge of the wrong type: a list of lists
planned.map('x', ['plan'], { over: ({ plan }) => [plan.queries], call: search, input: (query) => ({ query }) });
// @ts-expect-error a field that the needed node does not have
planned.compute('x', ['plan'], ({ plan }) => plan.steps);
// @ts-expect-error an undeclared need
planned.node('x', { call: writer, input: ({ plan }) => plan.queries.join() });
// @ts-expect-error an undeclared need, of a predicate
planned.node('x', { call: writer, input: () => 'hi', when: ({ plan }) => plan.queries.length > 0 });
// @ts-expect-error an undeclared need, of a list
planned.map('x', { over: ({ plan }) => plan.queries, call: writer, input: () => 'hi' });
// @ts-expect-error an undeclared need, of an item
planned.map('x', { over: () => [1], call: writer, input: (_, { plan }) => plan.queries.join() });
// @ts-expect-error an undeclared need, of the output
planned.compute('a', [], () => 1).output(['a'], ({ plan }) => plan);
// @ts-expect-error an undeclared need
planned.compute('a', ['plan'], () => 1).compute('x', ['a'], ({ plan }) => plan);
// @ts-expect-error a missing input field
planned.node('x', ['plan'], { call: search, input: () => ({}) });
// @ts-expect-error a missing input field, of an item
planned.map('x', ['plan'], { over: ({ plan }) => plan.queries, call: search, input: () => ({}) });
// @ts-expect-error no input at all
planned.node('x', { call: search });
// @ts-expect-error an option that does not exist
planned.node('x', { call: writer, input: () => 'hi', retries: 3 });
// @ts-expect-error a time limit of the run on a node
planned.node('x', { call: writer, input: () => 'hi', timeout: { totalMs: 1 } });
// @ts-expect-error a field that the run's input lacks
start.node('x', { call: writer, input: ({ input }) => input.prompt });
// @ts-expect-error a map over what is no list
planned.map('x', ['plan'], { over: ({ plan }) => plan, call: writer, input: () => 'hi' });
planned.map('x', ['plan'], {
  over: ({ plan }) => plan.queries,
  call: search,
  // @ts-expect-error an item of the wrong type
  input: (query) => ({ query: query.length }),
});
// @ts-expect-error a default of the wrong type
planned.node('x', { call: search, input: () => ({ query: 'q' }), default: { passages: [1] } });

const skippable = planned.node('x', { call: search, input: () => ({ query: 'q' }), when: () => true });
// @ts-expect-error the value of a skippable node may be undefined
skippable.compute('y', ['x'], ({ x }) => x.passages);
skippable.compute('y', ['x'], ({ x }) => x?.passages);

const optional = planned.node('x', { call: search, input: () => ({ query: 'q' }), optional: true });
// @ts-expect-error the value of an optional node may be undefined
optional.compute('y', ['x'], ({ x }) => x.passages);

const defaulted = planned.node('x', {
  call: search,
  input: () => ({ query: 'q' }),
  when: () => true,
  default: { passages: [] },
});
defaulted.compute('y', ['x'], ({ x }) => x.passages);

const optionalItems = planned.map('x', ['plan'], {
  over: ({ plan }) => plan.queries,
  call: search,
  input: (query) => ({ query }),
  optional: true,
});
// @ts-expect-error an item that failed is undefined
optionalItems.compute('y', ['x'], ({ x }) => x.flatMap((item) => item.passages));
optionalItems.compute('y', ['x'], ({ x }) => x.flatMap((item) => item?.passages ?? []));

const skippableList = planned.map('x', ['plan'], {
  over: ({ plan }) => plan.queries,
  call: search,
  input: (query) => ({ query }),
  when: () => true,
  default: { passages: [] },
});
// @ts-expect-error the list of a skippable map may be undefined, whatever the default of its items
skippableList.compute('y', ['x'], ({ x }) => x.length);
skippableList.compute('y', ['x'], ({ x }) => x?.map((item) => item.passages));

const later = planned.compute('x', [], async () => ({ count: 1 }));
// @ts-expect-error what needs an asynchronous function sees what its promise brings
later.compute('y', ['x'], ({ x }) => x.then);
later.compute('y', ['x'], ({ x }) => x.count);

graph('traced', { input: z.object({}), traceContents: ['writer'] });
// @ts-expect-error contents of all components, without their names
graph('traced', { input: z.object({}), traceContents: true });
// @ts-expect-error a component instead of its name
graph('traced', { input: z.object({}), traceContents: [writer] });

const typed = graph('typed', { input: z.object({}), output: z.object({ answer: z.string() }) });
// @ts-expect-error an output that its schema refuses
typed.output(() => ({ answer: 1 }));
typed.output(() => ({ answer: 'yes' }));

export async function callers(engine: Engine): Promise<string> {
  // @ts-expect-error a request that lacks a field of the run's input
  await engine.run(accepted, {});
  // @ts-expect-error a request with a field of the wrong type
  await engine.run(accepted, { question: 5 });
  const { output } = await engine.run(accepted, { question: 'why?' });
  // @ts-expect-error a field that the answer lacks
  await engine.run(accepted, { question: output.text });
  return output.answer;
}

// Which options are there decides the type of the value, so a condition cannot decide which are there.
declare const isLenient: boolean;
// @ts-expect-error a default that may not be there
planned.node('x', {
  call: search,
  input: () => ({ query: 'q' }),
  when: () => true,
  ...(isLenient && { default: { passages: [] } }),
});
