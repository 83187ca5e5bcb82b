import { checkShape, type ShapeNode } from './graph-shape';

/** Probability that a run comes to each node, by id. */
export function reachProbabilities(nodes: readonly ShapeNode[]): ReadonlyMap<string, number> {
  checkShape(nodes);
  const reach = new Map<string, number>();
  for (const { id, needs, join } of nodes) {
    const arriving = needs.map(({ node, probability }) => reach.get(node)! * probability);
    // Alternatives add up; parallel branches that meet again are still one run.
    const together = join === 'any' ? arriving.reduce((sum, p) => sum + p, 0) : Math.max(...arriving);
    reach.set(id, needs.length === 0 ? 1 : Math.min(1, together));
  }
  return reach;
}

/** Mean calls per run of each node: how likely it is reached, how often it repeats, how wide it fans out. */
export function visitRatios(nodes: readonly ShapeNode[]): ReadonlyMap<string, number> {
  const reach = reachProbabilities(nodes);
  return new Map(nodes.map(({ id, width, repeat }) => [id, (reach.get(id)! * width) / (1 - repeat)]));
}

/** Mean calls per run of each component: what makes the components of one agent scale each by its own. */
export function componentVisits(nodes: readonly ShapeNode[]): ReadonlyMap<string, number> {
  const ratios = visitRatios(nodes);
  const visits = new Map<string, number>();
  for (const { id, component } of nodes) {
    if (component !== undefined) visits.set(component, (visits.get(component) ?? 0) + ratios.get(id)!);
  }
  return visits;
}

/**
 * Concurrent requests at each component, by Little's law, from the runs of each kind that arrive.
 *
 * @param kinds graphs, or one graph with the probabilities of each kind of request, with their arrival rates
 * @param serviceSeconds mean service time of a call, by component
 * @throws RangeError if a component's service time is missing.
 */
export function componentDemand(
  kinds: readonly { readonly nodes: readonly ShapeNode[]; readonly runsPerSecond: number }[],
  serviceSeconds: Readonly<Record<string, number>>,
): ReadonlyMap<string, number> {
  const demand = new Map<string, number>();
  for (const { nodes, runsPerSecond } of kinds) {
    for (const [component, visits] of componentVisits(nodes)) {
      const seconds = serviceSeconds[component];
      if (seconds === undefined) throw new RangeError(`serviceSeconds lacks the component '${component}'`);
      demand.set(component, (demand.get(component) ?? 0) + runsPerSecond * visits * seconds);
    }
  }
  return demand;
}
