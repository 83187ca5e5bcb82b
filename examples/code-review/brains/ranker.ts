import type { ChatRequest } from 'cdk-compound-inference/graph';
import { dataOf } from '../../shared/json-prompt';
import type { RankingData } from '../prompts';
import type { LocatedFinding, Ranking } from '../schemas';

/** What does most harm first; among equals an open door before a lost error before a slow loop. */
const SEVERITIES = ['high', 'medium', 'low'];
const ASPECTS = ['security', 'errors', 'performance', 'complexity'];

/** Stands in for the ranker. */
export function ranker(request: ChatRequest): string {
  const { findings }: RankingData = dataOf(request);
  const order = findings.toSorted((a, b) => urgency(a) - urgency(b) || a.id - b.id).map(({ id }) => id);
  return JSON.stringify({ order } satisfies Ranking);
}

const urgency = ({ severity, aspect }: LocatedFinding) =>
  SEVERITIES.indexOf(severity) * ASPECTS.length + ASPECTS.indexOf(aspect);
