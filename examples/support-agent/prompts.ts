import type { ChatRequest } from 'cdk-compound-inference/graph';
import { jsonPrompt } from '../shared/json-prompt';
import type { Passage } from './corpus/passage';
import { Plan, Selection, type SourceSummary } from './schemas';

/** What the writer says when the passages hold no answer, so that a program can tell. */
export const NO_ANSWER = 'The AWS CDK documentation holds nothing on this.';

export interface PlanData {
  readonly question: string;
}

export function planPrompt(data: PlanData): ChatRequest {
  return jsonPrompt({
    instructions: `You plan searches of the AWS CDK documentation (the README files of aws-cdk-lib) for a support assistant.
Split the question of the user into at most four short keyword queries, each about one thing that must be found.
- The first query covers the whole question.
- Use the words of the documentation: service names, construct and method names, "grant" for permissions.
- Leave out words that carry no meaning. Write the queries in English, whatever the language of the question.`,
    data,
    answer: Plan,
    maxTokens: 300,
  });
}

export interface SelectionData {
  readonly question: string;
  readonly queries: readonly string[];
  readonly sources: readonly SourceSummary[];
}

export function selectionPrompt(data: SelectionData): ChatRequest {
  return jsonPrompt({
    instructions: `You choose which sources a support assistant for the AWS CDK searches.
For each query pick the one to three sources whose title or topics promise the answer. "source" must be a name from the list of sources.
Leave out a query that no source fits. At most eight searches in all.`,
    data,
    answer: Selection,
    maxTokens: 500,
  });
}

export interface AnswerData {
  readonly question: string;
  readonly passages: readonly NumberedPassage[];
}

export interface NumberedPassage extends Pick<Passage, 'source' | 'heading' | 'text'> {
  /** The number to cite it by. */
  readonly id: number;
}

export function answerPrompt(question: string, passages: readonly Passage[]): ChatRequest {
  const numbered = passages.map(({ source, heading, text }, i) => ({ id: i + 1, source, heading, text }));
  return jsonPrompt({
    instructions: `You answer questions of developers on the AWS CDK, from the given passages of its documentation alone.
- Begin with the answer, then show the code that does it. Be brief. Write Markdown.
- After each statement and each block of code cite the passages it rests on by their ids in brackets, as in [1] or [2][3].
- Use no knowledge that is not in the passages, and no citation that is not among their ids.
- If the passages do not answer the question, say exactly "${NO_ANSWER}" and nothing else.`,
    data: { question, passages: numbered } satisfies AnswerData,
    maxTokens: 900,
  });
}
