import type { IConstruct } from 'constructs';
import { alternativesOf } from '../../../core/graph/alternatives';
import type { Bindings, Price } from '../../../core/graph/binding';
import type { NodeDefinition } from '../../../core/graph/definition';
import type { Graph } from '../../../core/graph/graph';
import { show, warn } from '../../private/checks';

/** A budget holds what has a price; a model without one is most of what a run costs, and never stops it. */
export function warnOfUnpricedBudget(construct: IConstruct, graph: Graph, bindings: Bindings): void {
  const { budgetUsd, nodes } = graph.definition;
  if (budgetUsd === undefined && !nodes.some(hasBudget)) return;
  const models = graph.components().filter(({ kind }) => kind === 'model');
  const free = models.flatMap(({ name }) => unpriced(name, bindings));
  if (free.length === 0) return;
  warn(
    construct,
    'agent/unpriced-budget',
    `no price is known for the calls of ${free.join(', ')}, so that they count as free and no budget of graph ${show(graph.name)} ` +
      'stops them: give each a price, as in { price: { perMillionInputTokensUsd: 0.8, perMillionOutputTokensUsd: 3.2 } }, ' +
      'or { price: { perCallUsd: 0 } } if they are free',
  );
}

function hasBudget(node: NodeDefinition): boolean {
  return node.kind === 'plan' && node.limits?.costUsd !== undefined;
}

const AMOUNTS = [
  'perCallUsd',
  'perMillionInputTokensUsd',
  'perMillionOutputTokensUsd',
  'perCopyHourUsd',
] as const satisfies readonly (keyof Price)[];

/** The fields of the bindings of a component whose price has no amount, or that have none. */
function unpriced(component: string, bindings: Bindings): string[] {
  const binding = bindings[component]!;
  const field = `components.${component}`;
  return alternativesOf(binding).flatMap(({ price }, i) => {
    if (AMOUNTS.some((amount) => price?.[amount] !== undefined)) return [];
    return binding.type === 'spillover' ? [`${field}.alternatives[${i}]`] : [field];
  });
}
