import type { Passage } from './corpus/passage';
import { findPassages } from './corpus/search-index';
import { Search } from './schemas';

const MAX_PASSAGES = 6;

/** The Lambda function behind the retriever `search`. */
export async function handler(event: unknown): Promise<{ passages: Passage[] }> {
  const { query, source } = Search.parse(event);
  return { passages: findPassages(query, source, MAX_PASSAGES) };
}
