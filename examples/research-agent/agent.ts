import { graph, model, retriever, streamOf, tool } from 'cdk-compound-inference/graph';
import { serve } from 'cdk-compound-inference/runtime';
import { numberEvidence } from './evidence';
import { dropped, supported } from './guard';
import { checkPrompt, citedIn, draftPrompt, planPrompt } from './prompts';
import { Brief, Calculate, Compare, Find, Findings, Lookup, Question, Verdict } from './schemas';
import { sentences } from './sentences';

const planner = model('planner');
const writer = model('writer');
const checker = model('checker', { output: Verdict });
const lookup = retriever('lookup', Lookup);
const find = retriever('find', Find);
const calculate = tool('calculate', Calculate);
const compare = tool('compare', Compare);

/**
 * Answers questions on instance types for inference: a planner says what to look up, calculate and compare, a writer puts
 * it into sentences, and a checker holds each of them against the evidence before the caller reads it.
 *
 * Nothing waits for a whole text. The first task runs while the plan is being written, the first sentence is checked while
 * the draft is being written, and the caller reads it then.
 */
export const research = graph('research', {
  description: 'Researches instance types for inference, and checks each sentence before it is read',
  input: Question,
  output: Brief,
  chat: { text: 'brief' },
  timeout: { totalMs: 60_000 },
})
  .plan('gather', {
    call: planner,
    tools: [lookup, find, calculate, compare],
    input: ({ input }) => planPrompt(input.question),
    output: Findings,
    limits: { tasks: 16, depth: 4 },
  })
  .compute('evidence', ['gather'], ({ gather: { output, results } }) =>
    numberEvidence([...output.conclusions, ...Object.values(results).map(({ evidence }) => evidence)]),
  )
  .node('draft', ['evidence'], {
    call: writer,
    input: ({ input, evidence }) => draftPrompt(input.question, evidence),
    when: ({ evidence }) => evidence.length > 0,
    stream: true,
  })
  .compute('sentences', [streamOf('draft')], ({ draft }) => sentences(draft), { stream: true })
  .map('verdicts', [streamOf('sentences'), 'evidence'], {
    over: ({ sentences: each }) => each,
    call: checker,
    input: (sentence, { evidence }) => checkPrompt(sentence, evidence),
    concurrency: 4,
    optional: true,
    stream: true,
  })
  .compute('brief', [streamOf('sentences'), streamOf('verdicts')], (read) => supported(read.sentences, read.verdicts), {
    stream: true,
  })
  .output(['evidence', 'sentences', 'verdicts', 'brief'], ({ evidence, sentences: written, verdicts, brief }) => {
    const answer = brief.join('');
    const cited = citedIn(answer);
    return {
      answer,
      sources: evidence.filter(({ id }) => cited.has(id)),
      dropped: dropped(written, verdicts),
    };
  });

export const handler = serve(research);
