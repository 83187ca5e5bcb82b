import type { ChatRequest } from 'cdk-compound-inference/graph';
import { jsonPrompt } from '../shared/json-prompt';
import { ACCELERATORS } from './instances/catalogue';
import { type NumberedEvidence, Verdict } from './schemas';

/** What the caller reads if there is no evidence at all. */
export const NO_ANSWER = 'The catalogue of instance types holds nothing on this.';

export interface PlanData {
  readonly question: string;
  readonly accelerators: readonly string[];
}

/** How to write a plan, and with which tools, is told before by the node. */
export function planPrompt(question: string): ChatRequest {
  return jsonPrompt({
    instructions: `You plan how to answer a question on instance types of Amazon SageMaker endpoints, from a catalogue of their sizes and prices.
- Look up each instance type that the question names. Find those that it only describes, by their accelerator or by conditions.
- Calculate what the catalogue does not have: a month is 730 hours, and a model needs its parameters times the bytes of each in accelerator memory.
- If the question is about which of several, compare them last.
- The conclusions are what was compared, else what was calculated, else what was found.
- A question on anything else needs no tasks and has no conclusions: write empty lists.`,
    data: { question, accelerators: ACCELERATORS } satisfies PlanData,
    maxTokens: 1500,
  });
}

export interface DraftData {
  readonly question: string;
  readonly evidence: readonly NumberedEvidence[];
}

export function draftPrompt(question: string, evidence: readonly NumberedEvidence[]): ChatRequest {
  return jsonPrompt({
    instructions: `You write a brief of at most eight plain sentences that answers a question, from the given evidence alone.
- Begin with the sentence that answers it.
- Each sentence says what one piece of evidence says, and cites it before its full stop by its id in brackets, as in [1].`,
    data: { question, evidence } satisfies DraftData,
    maxTokens: 700,
  });
}

export interface CheckData {
  readonly sentence: string;
  /** What the sentence cites; everything there is if it cites nothing. */
  readonly evidence: readonly string[];
}

export function checkPrompt(sentence: string, evidence: readonly NumberedEvidence[]): ChatRequest {
  const cited = citedIn(sentence);
  const relevant = cited.size === 0 ? evidence : evidence.filter(({ id }) => cited.has(id));
  return jsonPrompt({
    instructions: `You check whether one of the given pieces of evidence supports a sentence.
It is supported only if everything that it says follows from that evidence: names, numbers and what is said of them. What is merely likely is not supported.`,
    data: { sentence, evidence: relevant.map(({ statement }) => statement) } satisfies CheckData,
    answer: Verdict,
    maxTokens: 20,
  });
}

/** The ids that a text cites. */
export function citedIn(text: string): Set<number> {
  return new Set([...text.matchAll(/\[(\d{1,3})\]/g)].map(([, id]) => Number(id)));
}
