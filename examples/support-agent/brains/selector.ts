import type { ChatRequest } from 'cdk-compound-inference/graph';
import { dataOf } from '../../shared/json-prompt';
import { termsOfPassage, termsOfQuestion } from '../corpus/terms';
import type { SelectionData } from '../prompts';
import type { Selection, SourceSummary } from '../schemas';

const MAX_SEARCHES = 8;
const MAX_SOURCES_PER_QUERY = 3;

/** A source this far behind the best is a namesake. */
const MIN_SHARE_OF_BEST = 0.5;

/** A match in the name or title says more than one in a heading. */
const NAME_WEIGHT = 2;

/** Stands in for the selector: picks the sources whose names and topics share rare words with a query. */
export function selector(request: ChatRequest): string {
  const { queries, sources }: SelectionData = dataOf(request);
  const profiles = sources.map(toProfile);
  const searches = queries.map((query) => bestSources(query, profiles).map((source) => ({ query, source })));
  const selection: Selection = { searches: interleave(searches).slice(0, MAX_SEARCHES) };
  return JSON.stringify(selection);
}

interface Profile {
  readonly source: string;
  readonly name: ReadonlySet<string>;
  readonly topics: ReadonlySet<string>;
}

function toProfile({ name, title, topics }: SourceSummary): Profile {
  return { source: name, name: termsOfPassage(`${name} ${title}`), topics: termsOfPassage(topics.join(' ')) };
}

function bestSources(query: string, profiles: readonly Profile[]): string[] {
  const terms = withCompounds(termsOfQuestion(query)).map((term) => ({ term, weight: rarity(term, profiles) }));
  const scored = profiles
    .map(({ source, name, topics }) => ({
      source,
      score: terms.reduce(
        (sum, { term, weight }) => sum + weight * (name.has(term) ? NAME_WEIGHT : topics.has(term) ? 1 : 0),
        0,
      ),
    }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score);
  return scored
    .filter(({ score }) => score >= MIN_SHARE_OF_BEST * scored[0]!.score)
    .slice(0, MAX_SOURCES_PER_QUERY)
    .map(({ source }) => source);
}

/** Names of modules are one word where people write two: step functions, event bridge. */
function withCompounds(terms: readonly string[]): string[] {
  return [...terms, ...terms.slice(1).map((term, i) => `${terms[i]}${term}`)];
}

function rarity(term: string, profiles: readonly Profile[]): number {
  const holders = profiles.filter(({ name, topics }) => name.has(term) || topics.has(term)).length;
  return Math.log(1 + profiles.length / (1 + holders));
}

/** The best of each query first, so that a limit cuts the second choices. */
function interleave<T>(lists: readonly (readonly T[])[]): T[] {
  const longest = Math.max(0, ...lists.map(({ length }) => length));
  return Array.from({ length: longest }, (_, i) => lists.flatMap((list) => list.slice(i, i + 1))).flat();
}
