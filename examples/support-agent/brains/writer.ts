import type { ChatRequest } from 'cdk-compound-inference/graph';
import { dataOf } from '../../shared/json-prompt';
import { headingFit } from '../corpus/heading-fit';
import { HEADING_SEPARATOR } from '../corpus/passage';
import { termsOfQuestion } from '../corpus/terms';
import { type AnswerData, NO_ANSWER } from '../prompts';
import { type Excerpt, excerptsOf, holds } from './excerpt';
import { rewordings, servicesIn } from './glossary';

/** Passages that hold no more than this share of the question's terms are about something else. */
const MIN_COVERAGE = 0.5;

const MAX_EXCERPTS = 3;
const MAX_CODE_LINES = 40;

/** An excerpt with less than this share of the best one's score adds length, not knowledge. */
const MIN_SHARE_OF_BEST = 0.6;

/** The search has read more than the excerpt: each place further down its list costs this share of the score. */
const RANK_DISCOUNT = 0.08;

/** A developer would rather see an example than read about one. */
const CODE_BOOST = 1.15;

/** How much a nearest heading that is all about the question raises a score. */
const HEADING_FIT_BOOST = 0.4;

/** What headings say of an excerpt counts less than what it says itself. */
const HEADING_WEIGHT = 0.8;

/** Stands in for the writer: quotes the explanations and examples that cover most of the question. */
export function writer(request: ChatRequest): string {
  const { question, passages }: AnswerData = dataOf(request);
  const excerpts = passages.flatMap(excerptsOf);
  if (!isAnswerable(question, excerpts)) return NO_ANSWER;
  const terms = termsOfQuestion([question, ...rewordings(question).flat()].join(' '));
  return choose(excerpts, weighTerms(terms, excerpts)).map(quote).join('\n\n');
}

/** A question in another language shares only names with the documentation: two services then make it one on AWS. */
function isAnswerable(question: string, excerpts: readonly Excerpt[]): boolean {
  const terms = termsOfQuestion(question);
  const known = terms.filter((term) => excerpts.some((excerpt) => holds(excerpt, term)));
  if (known.length === 0) return false;
  return known.length > MIN_COVERAGE * terms.length || servicesIn(question).length >= 2;
}

type Weights = ReadonlyMap<string, number>;

/** A term in few excerpts tells them apart; one in none of them cannot. */
function weighTerms(terms: readonly string[], excerpts: readonly Excerpt[]): Weights {
  return new Map(
    terms.map((term) => {
      const holders = excerpts.filter((excerpt) => holds(excerpt, term)).length;
      return [term, holders === 0 ? 0 : Math.sqrt(Math.log(1 + excerpts.length / holders))];
    }),
  );
}

function choose(excerpts: readonly Excerpt[], terms: Weights): Excerpt[] {
  const chosen: Excerpt[] = [];
  const covered = new Set<string>();
  const gain = (excerpt: Excerpt) => score(excerpt, terms, covered);
  const best = Math.max(0, ...excerpts.map(gain));

  let rest = [...excerpts];
  while (chosen.length < MAX_EXCERPTS && rest.length > 0) {
    const next = rest.reduce((a, b) => (gain(b) > gain(a) ? b : a));
    if (gain(next) < MIN_SHARE_OF_BEST * best) break;
    chosen.push(next);
    for (const term of next.own) covered.add(term);
    rest = rest.filter((excerpt) => excerpt !== next && excerpt.prose !== next.prose);
  }
  return chosen;
}

/** What an excerpt says of the question; what is said already counts half. */
function score({ passage, own, headings, code, rank }: Excerpt, terms: Weights, covered: ReadonlySet<string>): number {
  const said = [...terms].map(([term, weight]) => {
    const presence = own.has(term) ? 1 : headings.has(term) ? HEADING_WEIGHT : 0;
    return weight * presence * (covered.has(term) ? 0.5 : 1);
  });
  const fit = headingFit(passage.heading.split(HEADING_SEPARATOR).at(-1)!, new Set(terms.keys()));
  return sum(said) * (code ? CODE_BOOST : 1) * (1 + HEADING_FIT_BOOST * fit) * (1 - RANK_DISCOUNT * rank);
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
