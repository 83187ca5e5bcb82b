import type { Evidence, NumberedEvidence } from './schemas';

/** What lists of evidence hold, each statement once, numbered in their order. */
export function numberEvidence(lists: readonly (readonly Evidence[])[]): NumberedEvidence[] {
  const statements = new Map(lists.flat().map((each) => [each.statement, each]));
  return [...statements.values()].map((each, i) => ({ id: i + 1, ...each }));
}
