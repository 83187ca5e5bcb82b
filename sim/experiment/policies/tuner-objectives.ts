import type { PlannedNode } from '../../agent/agent-plan';
import { concurrencyWithin } from '../../profiles/capacity';
import { quantile } from '../../statistics/quantile';
import type { PolicyContext } from '../policy';
import { capacityFor, splitOverNodes } from './tuner-split';

/** What one component may take, and within which targets. */
export interface ComponentObjective {
  readonly objectiveMs: number;
  readonly minTarget: number;
  readonly maxTarget: number;
  /** Probability that it makes a late answer late. */
  readonly criticality: number;
}

/** A copy this near to its speed alone is hardly quickened by more copies. */
const LIGHT_LATENCY_SHARE = 1.1;

/**
 * The objective of the agent, split over the models that scale, by name: such that copies are cheapest at light load
 * plus load, calibrated so that whole runs just meet it.
 *
 * @param runs how many have come, from which times and tokens are known
 * @throws RangeError if what does not scale misses the objective by itself.
 */
export function componentObjectives(context: PolicyContext, runs: number): ReadonlyMap<string, ComponentObjective> {
  const { components, world } = context;
  const scaled = new Set(world.models.flatMap(({ name, autoscaler }) => (autoscaler ? [name] : [])));
  const nameOf = ({ component }: PlannedNode) => components[component]!;
  const { light, stages, calibrated } = splitOverNodes(context, scaled, runs);
  const stretch = new Map(stages.map(({ id, lightP95Ms }) => [id, calibrated.objectivesMs.get(id)! / lightP95Ms]));

  const objectives = new Map<string, ComponentObjective>();
  for (const name of scaled) {
    const calls = light.calls.filter(({ node }) => nameOf(node) === name);
    if (calls.length === 0) continue;
    const capacity = capacityFor(context, name, calls);
    const minTarget = Math.max(1, concurrencyWithin(capacity, LIGHT_LATENCY_SHARE * capacity.points[0]!.latencyMs));
    const stretched = calls.map(({ node, ms }) => ms * stretch.get(node.id)!);
    objectives.set(name, {
      objectiveMs: quantile(stretched, 0.95),
      minTarget,
      maxTarget: Math.max(minTarget, capacity.kneeConcurrency),
      criticality: calibrated.componentCriticality.get(name) ?? 0,
    });
  }
  return objectives;
}
