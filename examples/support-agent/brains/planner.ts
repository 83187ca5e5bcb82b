import type { ChatRequest } from 'cdk-compound-inference/graph';
import { dataOf } from '../../shared/json-prompt';
import { termOf, wordsOfQuestion } from '../corpus/terms';
import type { PlanData } from '../prompts';
import type { Plan } from '../schemas';
import { rewordings, servicesIn } from './glossary';

const MAX_QUERIES = 4;

/** A longer query finds nothing: no passage speaks of everything. */
const MAX_QUERY_WORDS = 12;

/** Stands in for the planner: cuts a question into clauses, keeps the telling words, adds the documentation's own. */
export function planner(request: ChatRequest): string {
  const { question }: PlanData = dataOf(request);
  const services = servicesIn(question);
  const [first = [], ...others] = clausesOf(question).map(tellingWords);

  const plain = [first, ...others].flat();
  const reworded = rewordings(question).map((words) => [...words, ...services]);
  const clauses = others.length > 0 ? [first, ...others].map((words) => withSubject(words, services)) : [];
  const subjects = services.length > 1 ? [services] : [];

  const queries = [plain, ...reworded, ...clauses, ...subjects].map(toQuery).filter((query) => query !== '');
  const plan: Plan = {
    queries: queries.length > 0 ? [...new Set(queries)].slice(0, MAX_QUERIES) : [question.slice(0, 200)],
  };
  return JSON.stringify(plan);
}

/** The parts of a question that ask for something of their own. */
function clausesOf(question: string): string[] {
  return question
    .split(/[?!;\n]+|\.\s|,\s*|\b(?:and|then|but)\b/i)
    .filter((clause) => tellingWords(clause).length >= 2)
    .slice(0, MAX_QUERIES);
}

const tellingWords = (text: string) => wordsOfQuestion(text).filter((word) => termOf(word) !== undefined);

/** A clause such as "encrypt it with a key" leaves its subject to the clause before. */
const withSubject = (words: readonly string[], services: readonly string[]) =>
  servicesIn(words.join(' ')).length > 0 ? words : [...services.slice(0, 1), ...words];

const toQuery = (words: readonly string[]) =>
  [...new Set(words.map((word) => word.toLowerCase()))].slice(0, MAX_QUERY_WORDS).join(' ');
