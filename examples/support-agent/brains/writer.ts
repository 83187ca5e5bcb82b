import type { ChatRequest } from 'cdk-compound-inference/graph';
import { dataOf } from '../../shared/json-prompt';
import { headingFit } from '../corpus/heading-fit';
import { HEADING_SEPARATOR } from '../corpus/passage';
import { termOf, termsOfQuestion, wordsOfPassage } from '../corpus/terms';
import { type AnswerData, NO_ANSWER } from '../prompts';
import { clausesOf } from './clauses';
import { type Excerpt, excerptsOf, holds } from './excerpt';
import { asksForPermission, ownersIn, PERMISSION_WORDS, rewordings, servicesIn } from './glossary';

/** Passages that hold no more than this share of the question's terms are about something else. */
const MIN_COVERAGE = 0.5;

const MAX_EXCERPTS = 3;
const MAX_CODE_LINES = 40;

/** An excerpt with less than this share of the best one's score adds length, not knowledge. */
const MIN_SHARE_OF_BEST = 0.6;

/** The search has read more than the excerpt: each place further down its list costs this share of the score. */
const RANK_DISCOUNT = 0.05;

/** A developer would rather see an example than read about one, the more the more of the question is in it. */
const CODE_BOOST = 1.15;
const CODE_FIT_BOOST = 0.3;

/** The documentation's words for a question are guessed, its own are not. */
const REWORDING_WEIGHT = 0.6;

/** An excerpt that does something other than what is asked: under "Reserving zones", or "to prevent this, …". */
const SIDE_PENALTY = 0.6;

/** An excerpt on another service than the one that is asked about. */
const OTHER_SERVICE_PENALTY = 0.7;

/** A service that only the code mentions, as by an import, is seldom what an excerpt is about. */
const CODE_ONLY_PENALTY = 0.85;

/** Of two grants, the one that gives no more than what is asked for. */
const EXCESS_PENALTY = 0.85;

/** A grant of writing alone answers no question of reading. */
const WRONG_GRANT_PENALTY = 0.4;

/** An excerpt that speaks of no permission, where one is asked for. */
const NO_PERMISSION_PENALTY = 0.6;

/** How much a nearest heading that is all about the question raises a score. */
const HEADING_FIT_BOOST = 0.4;

/** What headings say of an excerpt, or a name in its code, counts less than what its prose says. */
const HEADING_WEIGHT = 0.8;
const SHOWN_WEIGHT = 0.7;

/** Stands in for the writer: quotes the explanations and examples that cover most of the question. */
export function writer(request: ChatRequest): string {
  const { question, passages }: AnswerData = dataOf(request);
  const excerpts = passages.flatMap(excerptsOf);
  if (!isAnswerable(question, excerpts)) return NO_ANSWER;
  return choose(excerpts, question).map(quote).join('\n\n');
}

/** A question in another language shares only names with the documentation: two services then make it one on AWS. */
function isAnswerable(question: string, excerpts: readonly Excerpt[]): boolean {
  const terms = termsOfQuestion(question);
  const known = terms.filter((term) => excerpts.some((excerpt) => holds(excerpt, term)));
  if (known.length === 0) return false;
  return known.length > MIN_COVERAGE * terms.length || servicesIn(question).length >= 2;
}

type Weights = ReadonlyMap<string, number>;

/** What is asked for in one go. */
interface Topic {
  readonly text: string;
  readonly terms: Weights;
}

function toTopic(text: string, excerpts: readonly Excerpt[]): Topic {
  const asked = termsOfQuestion(text);
  const reworded = termsOfQuestion(rewordings(text).flat().join(' ')).filter((term) => !asked.includes(term));
  const weights = [
    ...asked.map((term) => [term, rarity(term, excerpts)] as const),
    ...reworded.map((term) => [term, REWORDING_WEIGHT * rarity(term, excerpts)] as const),
  ];
  return { text, terms: new Map(weights) };
}

/** A term in few excerpts tells them apart; one in none of them cannot. */
function rarity(term: string, excerpts: readonly Excerpt[]): number {
  const holders = excerpts.filter((excerpt) => holds(excerpt, term)).length;
  return holders === 0 ? 0 : Math.sqrt(Math.log(1 + excerpts.length / holders));
}

/** The best excerpt on each part of the question, or on a question of one part the best few. */
function choose(excerpts: readonly Excerpt[], question: string): Excerpt[] {
  const clauses = clausesOf(question);
  if (clauses.length < 2) return bestOf(excerpts, toTopic(question, excerpts), MAX_EXCERPTS);
  const parts = clauses.flatMap((words) => bestOf(excerpts, toTopic(words.join(' '), excerpts), 1));
  return [...new Set(parts)].slice(0, MAX_EXCERPTS);
}

function bestOf(excerpts: readonly Excerpt[], topic: Topic, limit: number): Excerpt[] {
  const chosen: Excerpt[] = [];
  const covered = new Set<string>();
  const gain = (excerpt: Excerpt) => score(excerpt, topic, covered);
  const complete = excerpts.filter(({ continues }) => !continues);
  let rest = complete.length > 0 ? complete : [...excerpts];
  const best = Math.max(0, ...rest.map(gain));

  while (chosen.length < limit && rest.length > 0) {
    const next = rest.reduce((a, b) => (gain(b) > gain(a) ? b : a));
    if (gain(next) < MIN_SHARE_OF_BEST * best) break;
    chosen.push(next);
    for (const term of [...next.said, ...next.shown]) covered.add(term);
    rest = rest.filter((excerpt) => excerpt !== next && excerpt.prose !== next.prose);
  }
  return chosen;
}

/** What an excerpt says of the topic; what is said already counts half. */
function score(excerpt: Excerpt, { text, terms }: Topic, covered: ReadonlySet<string>): number {
  const told = [...terms].map(([term, weight]) => weight * presence(excerpt, term) * (covered.has(term) ? 0.5 : 1));
  const asked = new Set(terms.keys());
  const headings = excerpt.passage.heading.split(HEADING_SEPARATOR);
  return (
    sum(told) *
    (excerpt.code && !isOfIdeas(text) ? CODE_BOOST + CODE_FIT_BOOST * shareIn(excerpt.shown, terms) : 1) *
    (1 + HEADING_FIT_BOOST * headingFit(headings, asked)) *
    (1 - RANK_DISCOUNT * excerpt.rank) *
    (isBesideThePoint(excerpt.prose, headings.at(-1)!, text, asked) ? SIDE_PENALTY : 1) *
    serviceFit(excerpt, text) *
    permissionFit(excerpt, text) *
    grantFit(excerpt, text)
  );
}

const presence = ({ said, headings, shown }: Excerpt, term: string) =>
  said.has(term) ? 1 : headings.has(term) ? HEADING_WEIGHT : shown.has(term) ? SHOWN_WEIGHT : 0;

/** What things are and how they differ is told in words, not in code. */
const isOfIdeas = (question: string) => /^\W*(what|why)\b|\bdifferences?\b|\b(versus|vs)\b/i.test(question);

/** The share of the terms, by weight, that a text has. */
function shareIn(text: ReadonlySet<string>, terms: Weights): number {
  const all = sum([...terms.values()]);
  return all === 0 ? 0 : sum([...terms].map(([term, weight]) => (text.has(term) ? weight : 0))) / all;
}

/** How far an excerpt is on the services that the question names, as a factor. */
function serviceFit(excerpt: Excerpt, question: string): number {
  const path = excerpt.passage.source;
  const services = [...servicesIn(question), ...ownersIn(question)].map((name) => ({
    terms: termsOfQuestion(name),
    folder: name.replaceAll(' ', ''),
  }));
  const isOn = (test: (term: string) => boolean) => (service: (typeof services)[number]) =>
    path.includes(service.folder) || service.terms.every(test);

  if (!services.every(isOn((term) => holds(excerpt, term)))) return OTHER_SERVICE_PENALTY;
  const isTold = isOn((term) => excerpt.said.has(term) || excerpt.headings.has(term));
  return services.length === 0 || services.some(isTold) ? 1 : CODE_ONLY_PENALTY;
}

const NEGATION = /\b(prevent\w*|disabl\w*|avoid\w*|opt.?out|deprecated)\b/i;

/** Headings say in "-ing" what they are about to do. */
function isBesideThePoint(prose: string, heading: string, question: string, asked: ReadonlySet<string>): boolean {
  if (NEGATION.test(prose) && !NEGATION.test(question)) return true;
  const actions = wordsOfPassage(heading).filter((word) => /\p{L}{3}ing$/u.test(word));
  return actions.flatMap((word) => termOf(word) ?? []).some((term) => !asked.has(term));
}

/** How far an excerpt is on permissions if the question is, as a factor. */
function permissionFit(excerpt: Excerpt, question: string): number {
  return !asksForPermission(question) || PERMISSION_TERMS.some((term) => holds(excerpt, term))
    ? 1
    : NO_PERMISSION_PENALTY;
}

const PERMISSION_TERMS = termsOfQuestion(PERMISSION_WORDS);

/** How far the grants in code are those that a question of reading asks for, as a factor. */
function grantFit({ code = '' }: Excerpt, question: string): number {
  if (!/\bread/i.test(question) || /\bwrit/i.test(question)) return 1;
  if (/\bgrants?\.?read(?!Write)/i.test(code)) return 1;
  if (/\bgrants?\.?readWrite/i.test(code)) return EXCESS_PENALTY;
  return /\bgrants?\.?write/i.test(code) ? WRONG_GRANT_PENALTY : 1;
}

function quote({ passage, prose, code }: Excerpt): string {
  const cited = `${prose} [${passage.id}]`;
  return code ? `${cited}\n\n${shorten(code)}` : cited;
}

/** Code without what its fence says beside the language, which is meant for the CDK's own build. */
function shorten(code: string): string {
  const lines = code.replace(/^(```\w*).*/, '$1').split('\n');
  return lines.length <= MAX_CODE_LINES ? code : [...lines.slice(0, MAX_CODE_LINES), '// ...', '```'].join('\n');
}

const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);
