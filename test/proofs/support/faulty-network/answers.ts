import { drawsFor, oneOf } from './draws';

/** What every service answers follows from what it is asked, so that an answer can be told to be right. */
const WORDS = [
  'copy',
  'fleet',
  'naïve',
  '日本',
  'warm',
  'cold',
  'run',
  '😀',
  'graph',
  '"quoted"',
  'back\\slash',
  'node',
];

/** A text of some sentences: enough for several parts of a stream, with characters of one to four bytes. */
export function textFor(prompt: string): string {
  const random = drawsFor(0, prompt, 'text');
  const sentences = Array.from({ length: 3 + Math.floor(random.uniform() * 3) }, () =>
    Array.from({ length: 3 + Math.floor(random.uniform() * 6) }, () => oneOf(random, WORDS)).join(' '),
  );
  return `${sentences.join('. ')}.`;
}

export interface Found {
  readonly query: string;
  readonly passages: readonly string[];
}

export function foundFor(query: string): Found {
  return { query, passages: [textFor(`${query} first`), textFor(`${query} second`)] };
}

export interface Ranked {
  readonly query: string;
  readonly score: number;
}

export function rankedFor(query: string): Ranked {
  return { query, score: textFor(query).length };
}

/** The plan that a planner writes for a label: three calls, of which the last needs the first. */
export function planFor(label: string): string {
  return JSON.stringify({
    tasks: [
      { id: 'look', tool: 'search', input: { query: `${label} planned` } },
      { id: 'rank', tool: 'ranker', input: { query: `${label} planned rank` } },
      { id: 'again', tool: 'search', input: { query: { $from: 'look.query' } } },
    ],
    output: { found: { $from: 'again' }, ranked: { $from: 'rank' } },
  });
}

export const plannedOutput = (label: string) => ({
  found: foundFor(`${label} planned`),
  ranked: rankedFor(`${label} planned rank`),
});
