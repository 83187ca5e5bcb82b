/* What TypeScript must refuse of joins and plans. Each expected error that does not occur fails the type check. */
import { graph, model, tool } from 'cdk-compound-inference/graph';
import { z } from 'zod';

const search = tool('search', {
  input: z.object({ query: z.string() }),
  output: z.object({ passages: z.array(z.string()) }),
});
const writer = model('writer');
const start = graph('support', { input: z.object({ question: z.string() }) })
  .node('web', { call: search, input: ({ input }) => ({ query: input.question }) })
  .node('docs', { call: search, input: ({ input }) => ({ query: input.question }) })
  .node('faq', { call: search, input: ({ input }) => ({ query: input.question }) });

// What a join needs may be missing, and is of its type if it is not.
start
  .node(
    'answer',
    { atLeast: 1, of: ['web', ['docs', 'faq']] },
    {
      call: writer,
      input: ({ input, web, docs }) => `${input.question} ${(web ?? docs)?.passages.join() ?? 'nothing'}`,
      when: ({ faq }) => faq?.passages.length !== 0,
    },
  )
  .output(['answer'], ({ answer }) => answer?.text);
start
  .compute(
    'count',
    { atLeast: 2, of: ['web', 'docs', 'faq'], late: { afterMs: 800, atLeast: 1 } },
    ({ web, faq }) => (web?.passages.length ?? 0) + (faq?.passages.length ?? 0),
  )
  .output(['count'], ({ count }) => count + 1);
start.map(
  'each',
  { atLeast: 1, of: ['web', 'docs'] },
  {
    over: ({ web, docs }) => [...(web?.passages ?? []), ...(docs?.passages ?? [])],
    call: search,
    input: (query) => ({ query }),
  },
);
start.compute('both', { atLeast: 1, of: [{ atLeast: 2, of: ['web', 'docs'] }, 'faq'] }, ({ web, docs, faq }) => [
  web,
  docs,
  faq,
]);

// @ts-expect-error a branch may be missing
start.compute('x', { atLeast: 1, of: ['web', 'docs'] }, ({ web }) => web.passages);
// @ts-expect-error a branch may be missing, of a call
start.node('x', { atLeast: 1, of: ['web', 'docs'] }, { call: writer, input: ({ docs }) => docs.passages.join() });
start.map(
  'x',
  { atLeast: 1, of: ['web', 'docs'] },
  {
    // @ts-expect-error a branch may be missing, of a map
    over: ({ docs }) => docs.passages,
    call: writer,
    input: () => 'hi',
  },
);
// @ts-expect-error a branch in a group may be missing
start.compute('x', { atLeast: 1, of: ['web', ['docs', 'faq']] }, ({ faq }) => faq.passages);
// @ts-expect-error a branch that does not exist
start.compute('x', { atLeast: 1, of: ['web', 'nope'] }, () => 1);
// @ts-expect-error a branch in a group that does not exist
start.compute('x', { atLeast: 1, of: ['web', ['docs', 'nope']] }, () => 1);
// @ts-expect-error a branch in a nested join that does not exist
start.compute('x', { atLeast: 1, of: ['web', { atLeast: 1, of: ['docs', 'nope'] }] }, () => 1);
// @ts-expect-error an undeclared branch
start.compute('x', { atLeast: 1, of: ['web', 'docs'] }, ({ faq }) => faq);
// @ts-expect-error no branch of a type that it does not have
start.compute('x', { atLeast: 1, of: ['web', 'docs'] }, ({ web }) => web?.text);
// @ts-expect-error without how many
start.compute('x', { of: ['web', 'docs'] }, () => 1);
// @ts-expect-error a join that is late without saying what is safe
start.compute('x', { atLeast: 2, of: ['web', 'docs'], late: { afterMs: 10 } }, () => 1);
// All needs of a list are there.
start.compute('x', ['web', 'docs'], ({ web, docs }) => [...web.passages, ...docs.passages]);

const planned = start.plan('research', ['web'], {
  call: model('planner'),
  tools: [search, writer],
  input: ({ input, web }) => `${input.question} ${web.passages.length}`,
  output: z.object({ answer: z.string() }),
  limits: { tasks: 5 },
  replans: 1,
});
planned.output(['research'], ({ research }) => research.output.answer.length);
planned.compute('x', ['research'], ({ research }) => {
  const result = research.results.t1;
  return result && 'passages' in result ? result.passages.length : 0;
});
// @ts-expect-error what a plan comes to is what its schema says
planned.output(['research'], ({ research }) => research.output.text);
// @ts-expect-error a planner that answers with a value
start.plan('x', { call: model('p', { output: z.object({}) }), tools: [search], input: () => 'hi' });
// @ts-expect-error a plan without tools
start.plan('x', { call: model('p'), input: () => 'hi' });
// @ts-expect-error an undeclared need
start.plan('x', { call: model('p'), tools: [search], input: ({ web }) => web.passages.join() });
// Without a schema nothing is known of the output.
start
  .plan('x', { call: model('p'), tools: [search], input: ({ input }) => input.question })
  // @ts-expect-error nothing is known of it
  .output(['x'], ({ x }) => x.output.answer);
const perhaps = start.plan('x', { call: model('p'), tools: [search], input: () => 'hi', optional: true });
// @ts-expect-error an optional plan may have no value
perhaps.output(['x'], ({ x }) => x.output);
