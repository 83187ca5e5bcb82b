import type { ChatRequest } from 'cdk-compound-inference/graph';
import { dataOf } from '../../shared/json-prompt';
import type { PlanData } from '../prompts';
import type { Plan } from '../schemas';
import { clausesOf, tellingWords } from './clauses';
import { ownersIn, rewordings, servicesIn } from './glossary';

const MAX_QUERIES = 4;

/** A longer query finds nothing: no passage speaks of everything. */
const MAX_QUERY_WORDS = 12;

/** Stands in for the planner: cuts a question into clauses, keeps the telling words, adds the documentation's own. */
export function planner(request: ChatRequest): string {
  const { question }: PlanData = dataOf(request);
  const owners = ownersIn(question);
  const services = [...servicesIn(question), ...owners];
  const plain = tellingWords(question);
  const clauses = clausesOf(question);

  const queries = [
    plain,
    ...(owners.length > 0 ? [[...owners, ...plain]] : []),
    ...rewordings(question).map((words) => [...words, ...services]),
    ...(clauses.length > 1 ? clauses : []),
    ...(services.length > 1 ? [services] : []),
  ];
  const telling = [...new Set(queries.map(toQuery))].filter((query) => query !== '').slice(0, MAX_QUERIES);
  const plan: Plan = { queries: telling.length > 0 ? telling : [question.slice(0, 200)] };
  return JSON.stringify(plan);
}

const toQuery = (words: readonly string[]) =>
  [...new Set(words.map((word) => word.toLowerCase()))].slice(0, MAX_QUERY_WORDS).join(' ');
