import type { ChatRequest } from 'cdk-compound-inference/graph';
import { dataOf } from '../../shared/json-prompt';
import type { CheckData } from '../prompts';
import type { Verdict } from '../schemas';

/** A sentence may be put in other words than the evidence, but not in many. */
const MIN_SHARE_OF_WORDS = 0.8;

/** Words without which a sentence says the same. */
const FILLERS = new Set(
  'a also an and are as at be by each for from has have in is it its of on or so that the their them then these they this to was which with'.split(
    ' ',
  ),
);

/** Names, numbers, and words that turn a statement around. */
const NEGATIONS = new Set(['no', 'not', 'never', 'none', 'without', 'neither', 'nor']);

/**
 * Stands in for the checker: a sentence is supported by a statement that has its names and numbers in the same order, and
 * nearly all of its words.
 */
export function checker(request: ChatRequest): string {
  const { sentence, evidence }: CheckData = dataOf(request);
  const said = read(sentence);
  const verdict: Verdict = { supported: evidence.some((statement) => supports(read(statement), said)) };
  return JSON.stringify(verdict);
}

interface Reading {
  /** Names, numbers and negations, in their order. */
  readonly facts: readonly string[];
  readonly words: ReadonlySet<string>;
}

const CITATION = /\[\d{1,3}\]/g;
const TOKEN = /[\p{L}\p{N}](?:[\p{L}\p{N}_.-]*[\p{L}\p{N}])?/gu;

function read(sentence: string): Reading {
  const tokens = (sentence.replaceAll(CITATION, '').match(TOKEN) ?? []).map((token) => token.toLowerCase());
  const isFact = (token: string) => /\d/.test(token) || NEGATIONS.has(token);
  return {
    facts: tokens.filter(isFact),
    words: new Set(tokens.filter((token) => !isFact(token) && !FILLERS.has(token)).map(singular)),
  };
}

function supports(statement: Reading, said: Reading): boolean {
  const isNegationSaid = said.facts.some((fact) => NEGATIONS.has(fact));
  if (statement.facts.some((fact) => NEGATIONS.has(fact)) !== isNegationSaid) return false;
  const shared = [...said.words].filter((word) => statement.words.has(word)).length;
  return isSubsequence(said.facts, statement.facts) && shared >= MIN_SHARE_OF_WORDS * said.words.size;
}

function isSubsequence(facts: readonly string[], of: readonly string[]): boolean {
  let at = 0;
  for (const fact of of) if (at < facts.length && isSame(facts[at]!, fact)) at++;
  return at === facts.length;
}

/** A number may be rounded to the digits that are told. */
function isSame(told: string, known: string): boolean {
  if (told === known) return true;
  const [digits, value] = [/^\d+(?:\.(\d+))?$/.exec(told), Number(known)];
  return digits !== null && !Number.isNaN(value) && value.toFixed(digits[1]?.length ?? 0) === told;
}

const singular = (word: string) => word.replace(/(?<=[^s]{2})s$/, '');
