import type { NodeDefinition } from '../graph/definition';
import type { Graph } from '../graph/graph';
import { Durations } from './durations';
import { type JoinRule, joinRuleOf, type PlannedJoin } from './join';
import { type StreamPlan, streamPlanOf } from './streams';

/** A graph prepared for running: ids resolved to positions, and what earlier runs taught about durations. */
export interface Plan {
  readonly nodes: readonly NodeDefinition[];
  /** Positions of the nodes that need a node. */
  readonly dependents: readonly (readonly number[])[];
  /** How many nodes each node needs. */
  readonly needCounts: Int32Array;
  readonly roots: readonly number[];
  /** Positions of the nodes that the output needs. */
  readonly result: readonly number[];
  readonly position: ReadonlyMap<string, number>;
  /** By position, of the nodes that do not wait for all they need; undefined if there are none. */
  readonly joins: ReadonlyMap<number, PlannedJoin> | undefined;
  /** Undefined if no node streams. */
  readonly streams: StreamPlan | undefined;
  readonly durations: Durations;
}

export function planOf({ definition: { nodes, result } }: Graph): Plan {
  const position = new Map(nodes.map(({ id }, i) => [id, i]));
  const dependents: number[][] = nodes.map(() => []);
  nodes.forEach(({ needs }, i) => {
    for (const need of needs) dependents[position.get(need)!]!.push(i);
  });
  return {
    nodes,
    dependents,
    needCounts: Int32Array.from(nodes, ({ needs }) => needs.length),
    roots: nodes.flatMap(({ needs }, i) => (needs.length === 0 ? [i] : [])),
    result: result.needs.map((need) => position.get(need)!),
    position,
    joins: joinsOf(nodes, position),
    streams: streamPlanOf(nodes, position),
    durations: new Durations(dependents),
  };
}

function joinsOf(nodes: readonly NodeDefinition[], position: ReadonlyMap<string, number>): Plan['joins'] {
  const joins = nodes.flatMap(({ join }, at): [number, PlannedJoin][] => {
    if (!join) return [];
    const rule = joinRuleOf(join, position) as JoinRule;
    return [[at, { rule, late: join.late && { ...join.late, rule: { ...rule, atLeast: join.late.atLeast } } }]];
  });
  return joins.length > 0 ? new Map(joins) : undefined;
}
