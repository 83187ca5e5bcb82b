import { show } from './show';

/** One thing that is wrong with a definition. */
export interface GraphFault {
  /** Where, as in `facts.retry.attempts`: the node, then the field. */
  readonly path: string;
  /** What is wrong, and what to do. */
  readonly message: string;
}

/** A definition that cannot be run, with everything that is wrong with it. */
export class GraphError extends Error {
  override readonly name = 'GraphError';

  constructor(
    graph: string,
    readonly faults: readonly GraphFault[],
  ) {
    const lines = faults.map(({ path, message }) => `  ${path}: ${message}`);
    super(`graph ${show(graph)} has ${faults.length} fault(s):\n${lines.join('\n')}`);
  }
}
