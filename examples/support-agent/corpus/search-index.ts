import MiniSearch from 'minisearch';
import { loadCorpus } from './corpus';
import { headingFit } from './heading-fit';
import { HEADING_SEPARATOR, type Passage } from './passage';
import { termOf, termsOfQuestion, wordsOfPassage, wordsOfQuestion } from './terms';

interface Indexed extends Passage {
  readonly module: string;
  readonly title: string;
  /** The nearest heading; what a passage is about stands there, what it belongs to in those above. */
  readonly nearest: string;
  readonly above: string;
}

/** Below this share of the query's terms a passage is about something else that shares a word. */
const MIN_COVERAGE = 0.5;

/** How much a heading that is all about the query raises a score: by more than half. */
const HEADING_FIT_BOOST = 0.6;

/** A shorter word is complete as typed: `kms` must not find `kmsKey`. */
const MIN_PREFIX_CHARS = 5;

let index: MiniSearch<Indexed> | undefined;

/** Passages for a query, best first, of one module of the documentation or of all. */
export function findPassages(query: string, source: string | undefined, limit: number): Passage[] {
  index ??= buildIndex();
  const terms = new Set(termsOfQuestion(query));
  return index
    .search(query, source === undefined ? {} : { filter: ({ module }) => module === source })
    .filter(({ queryTerms }) => new Set(queryTerms).size > MIN_COVERAGE * terms.size)
    .map(({ id, source: file, heading, text, nearest, score }) => ({
      passage: { id, source: file, heading, text },
      score:
        score *
        (1 + HEADING_FIT_BOOST * headingFit([...heading.split(HEADING_SEPARATOR).slice(0, -1), nearest], terms)),
    }))
    .sort((a, b) => b.score - a.score)
    .slice(0, limit)
    .map(({ passage }) => passage);
}

function buildIndex(): MiniSearch<Indexed> {
  const built = new MiniSearch<Indexed>({
    fields: ['module', 'title', 'above', 'nearest', 'text'],
    storeFields: ['module', 'source', 'heading', 'nearest', 'text'],
    tokenize: wordsOfPassage,
    processTerm: (word) => termOf(word) ?? false,
    searchOptions: {
      tokenize: wordsOfQuestion,
      boost: { nearest: 3, module: 4, title: 1.5 },
      prefix: (term) => term.length >= MIN_PREFIX_CHARS,
      fuzzy: (term) => (term.length >= MIN_PREFIX_CHARS ? 0.15 : false),
      weights: { prefix: 0.3, fuzzy: 0.2 },
      // Sections are cut to about one length: normalise by it less than the usual 0.7.
      bm25: { k: 1.2, b: 0.5, d: 0.5 },
    },
  });
  built.addAll(
    loadCorpus().flatMap(({ name, title, passages }) =>
      passages.map((passage) => ({ ...passage, ...headingsOf(passage, `${name} ${title}`), module: name, title })),
    ),
  );
  return built;
}

/** Without the words of the module's own name: "Lambda with DLQ" tells no more of Lambda than its neighbours do. */
function headingsOf({ heading }: Passage, moduleName: string): Pick<Indexed, 'nearest' | 'above'> {
  const known = new Set(wordsOfPassage(moduleName).map(termOf));
  const telling = heading
    .split(HEADING_SEPARATOR)
    .map((part) => wordsOfPassage(part).filter((word) => !known.has(termOf(word))));
  return { nearest: telling.at(-1)!.join(' '), above: telling.slice(0, -1).flat().join(' ') };
}
