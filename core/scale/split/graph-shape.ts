/** A node of a graph as the split of the objective sees it. Nodes come in topological order. */
export interface ShapeNode {
  readonly id: string;
  /** What the node calls; left out where it only computes. */
  readonly component?: string;
  readonly needs: readonly Need[];
  /**
   * `all`: runs once whatever it needs has ended or was skipped, as the nodes of a graph do; also those that go on without
   * the slowest of them, since all of them run. `any`: the needs are alternatives of which a run takes one, as on the paths
   * of a planner.
   */
  readonly join: 'all' | 'any';
  /** Mean number of calls that a map makes at once; 1 for a plain node. */
  readonly width: number;
  /** Probability that the node runs once more after it has run, at least 0 and below 1. */
  readonly repeat: number;
  /** Left out of a node of the graph. */
  readonly part?: PlanPart;
}

/** What a plan calls, as a stage of its own: the planner writes another graph in each run, but never calls another component. */
export interface PlanPart {
  /** Node of the plan, whose time this is a part of. */
  readonly plan: string;
  /** The planner or a tool, as the graph and its metrics name it. */
  readonly calls: string;
}

export interface Need {
  readonly node: string;
  /** Probability that a run which has passed the needed node goes on to this one, 0 to 1. */
  readonly probability: number;
}

/** @throws RangeError that names the node and what is wrong with it. */
export function checkShape(nodes: readonly ShapeNode[]): void {
  const earlier = new Set<string>();
  for (const { id, needs, width, repeat, part } of nodes) {
    if (earlier.has(id)) throw new RangeError(`node '${id}' is defined twice`);
    for (const { node, probability } of needs) {
      if (!earlier.has(node)) throw new RangeError(`node '${id}' needs '${node}', which is not defined before it`);
      if (!(probability >= 0 && probability <= 1)) {
        throw new RangeError(`probability of '${node}' to '${id}' must be from 0 to 1, got: ${probability}`);
      }
    }
    if (part && !earlier.has(part.plan)) {
      throw new RangeError(`node '${id}' is a part of '${part.plan}', which is not defined before it`);
    }
    if (!(width > 0 && width < Infinity)) throw new RangeError(`width of '${id}' must be positive, got: ${width}`);
    if (!(repeat >= 0 && repeat < 1))
      throw new RangeError(`repeat of '${id}' must be from 0 to below 1, got: ${repeat}`);
    earlier.add(id);
  }
}
