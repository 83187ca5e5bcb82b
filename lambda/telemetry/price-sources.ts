import { alternativesOf } from '../../core/graph/alternatives';
import type { Bindings } from '../../core/graph/binding';
import type { Graph } from '../../core/graph/graph';

/** A price that does not say where it is from is as the deployment gives it. */
const UNSAID = 'binding';

/** Where the prices of an agent's calls are from, by component; those without a price are left out. Undefined if none has one. */
export function priceSourcesOf(agent: Graph, bindings: Bindings): Readonly<Record<string, string>> | undefined {
  const sources: Record<string, string> = {};
  for (const { name } of agent.components()) {
    const priced = alternativesOf(bindings[name]!).flatMap(({ price }) => (price ? [price.source ?? UNSAID] : []));
    if (priced.length > 0) sources[name] = [...new Set(priced)].join(', ');
  }
  return Object.keys(sources).length > 0 ? sources : undefined;
}
