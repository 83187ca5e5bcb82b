import type { Binding } from '../../core/graph/binding';

/** What is wrong with a component that speaks Converse and is bound to this. */
export function noConverse(type: Exclude<Binding['type'], 'bedrock'>): string {
  const remedy = `bind it to Bedrock, or declare the format that the ${type} backend speaks`;
  return `has the format converse, which only Bedrock speaks; ${remedy}`;
}
