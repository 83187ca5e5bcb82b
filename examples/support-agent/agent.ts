import { graph, model, retriever, streamOf, tool } from 'cdk-compound-inference/graph';
import { serve } from 'cdk-compound-inference/runtime';
import * as z from 'zod';
import { numberCitations, numberedParts } from './citations';
import { Passage } from './corpus/passage';
import { fuse } from './fuse';
import { answerPrompt, NO_ANSWER, planPrompt, selectionPrompt } from './prompts';
import { Answer, Plan, Question, Search, Selection, SourceSummary } from './schemas';

const planner = model('planner', { output: Plan });
const selector = model('selector', { output: Selection });
const writer = model('writer');
const catalogue = tool('catalogue', {
  input: z.object({}),
  output: z.object({ sources: z.array(SourceSummary) }),
});
const search = retriever('search', {
  input: Search,
  output: z.object({ passages: z.array(Passage) }),
});

/** Eight passages of up to 1800 characters are about 4000 tokens: room enough in the context of a small model. */
const MAX_PASSAGES = 8;

/**
 * Answers questions on the AWS CDK from its documentation, with citations.
 *
 * `overview` searches everything while the selector still thinks; `facts` then searches where it says. Losing the
 * selector or single searches makes the answer poorer, not impossible. `answer` is written by the places of the passages in the
 * prompt; `reply` gives it their final numbers while it is written, so that what is streamed is what is answered.
 */
export const support = graph('support', {
  description: 'Answers questions on the AWS CDK from its documentation, with citations',
  input: Question,
  output: Answer,
  chat: { text: 'reply' },
  timeout: { totalMs: 60_000 },
})
  .node('plan', { call: planner, input: ({ input }) => planPrompt(input) })
  .node('catalogue', { call: catalogue, input: () => ({}), optional: true })
  .map('overview', ['plan'], {
    over: ({ plan }) => plan.queries,
    call: search,
    input: (query) => ({ query }),
    concurrency: 8,
    optional: true,
  })
  .node('selection', ['plan', 'catalogue'], {
    call: selector,
    input: ({ input, plan, catalogue: found }) =>
      selectionPrompt({ question: input.question, queries: plan.queries, sources: found?.sources ?? [] }),
    when: ({ catalogue: found }) => found !== undefined,
    optional: true,
  })
  .map('facts', ['selection'], {
    over: ({ selection }) => selection?.searches ?? [],
    call: search,
    input: (chosen) => chosen,
    concurrency: 8,
    optional: true,
  })
  .compute('passages', ['overview', 'facts'], ({ overview, facts }) =>
    fuse(
      [...facts, ...overview].map((found) => found?.passages),
      MAX_PASSAGES,
    ),
  )
  .node('answer', ['passages'], {
    call: writer,
    input: ({ input, passages }) => answerPrompt(input.question, passages),
    when: ({ passages }) => passages.length > 0,
    stream: true,
  })
  .compute('reply', [streamOf('answer'), 'passages'], ({ answer, passages }) => reply(answer, passages), {
    stream: true,
  })
  .output(['plan', 'passages', 'answer', 'reply'], ({ plan, passages, answer, reply: parts }) => ({
    answer: parts.join(''),
    citations: numberCitations(answer?.text ?? '', passages).citations,
    queries: plan.queries,
  }));

export const handler = serve(support);

/** What a reader gets while the writer writes: its text with the final numbers, or that there is no answer. */
async function* reply(written: AsyncIterable<string>, passages: readonly Passage[]) {
  let isEmpty = true;
  for await (const part of numberedParts(written, passages)) {
    isEmpty = false;
    yield part;
  }
  if (isEmpty) yield NO_ANSWER;
}
