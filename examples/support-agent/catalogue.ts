import { loadCorpus } from './corpus/corpus';
import type { SourceSummary } from './schemas';

/** Enough to tell modules apart; all headings of a hundred modules would fill a small model's context. */
const MAX_TOPICS = 8;

/** The Lambda function behind the tool `catalogue`. */
export async function handler(): Promise<{ sources: SourceSummary[] }> {
  return {
    sources: loadCorpus().map(({ name, title, topics }) => ({ name, title, topics: topics.slice(0, MAX_TOPICS) })),
  };
}
