import type { ChatRequest } from 'cdk-compound-inference/graph';
import { dataOf } from '../../shared/json-prompt';
import type { DraftData } from '../prompts';
import type { NumberedEvidence } from '../schemas';

const MAX_SENTENCES = 8;

/**
 * Stands in for the writer: puts the evidence into sentences, as it comes. Where things are compared it does
 * as small models do, and ends on a claim that nobody has any evidence for.
 */
export function writer(request: ChatRequest): string {
  const { evidence }: DraftData = dataOf(request);
  const told = evidence.slice(0, MAX_SENTENCES);
  const compared = told.find(({ source }) => source === 'comparison');
  return [...told.map(cite), ...(compared ? [claim(compared)] : [])].join(' ');
}

const cite = ({ id, statement }: NumberedEvidence) => `${statement.replace(/\.$/, '')} [${id}].`;

function claim({ statement }: NumberedEvidence): string {
  const name = /\bml\.[\w-]+\.\w+/.exec(statement)?.[0] ?? 'The first of them';
  return `${name} also answers faster than the others.`;
}
