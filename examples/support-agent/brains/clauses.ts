import { termOf, wordsOfQuestion } from '../corpus/terms';
import { servicesIn } from './glossary';

const MAX_CLAUSES = 4;

/** The words of each part of a question that asks for something of its own; at most four parts. */
export function clausesOf(question: string): string[][] {
  const services = servicesIn(question);
  const clauses = question
    .split(/[?!;\n]+|\.\s|,\s*|\b(?:and|then|but)\b/i)
    .map(tellingWords)
    .filter((words) => words.length >= 2)
    .slice(0, MAX_CLAUSES);
  return isComparison(question) || clauses.length < 2
    ? [tellingWords(question)]
    : clauses.map((words) => withSubject(words, services));
}

/** The words of a question that say what it is about. */
export const tellingWords = (text: string) => wordsOfQuestion(text).filter((word) => termOf(word) !== undefined);

/** The two sides of a comparison are one question. */
const isComparison = (question: string) =>
  /\b(differences?|differ|versus|vs|compared?|instead of|rather than)\b/i.test(question);

/** A clause such as "encrypt it with a key" leaves its subject to the clause before. */
const withSubject = (words: readonly string[], services: readonly string[]) =>
  servicesIn(words.join(' ')).length > 0 ? [...words] : [...services.slice(0, 1), ...words];
