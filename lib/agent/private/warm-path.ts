import type { GraphDefinition, NodeDefinition } from '../../../core/graph/definition';
import type { Graph } from '../../../core/graph/graph';
import { isList, type Join, type JoinBranch } from '../../../core/graph/join';

/** A path of nodes and what it takes. */
export interface WarmPath {
  readonly nodes: readonly string[];
  readonly durationMs: number;
}

/** The paths to the start and to the end of a node. */
interface NodePaths {
  readonly start: WarmPath;
  readonly end: WarmPath;
}

const NOTHING: WarmPath = { nodes: [], durationMs: 0 };

/**
 * The path of a graph that takes longest with every component warm: no scaling makes a run faster. Maps count as one call,
 * and nodes that may be skipped do not count; nor does what a node takes beyond its time limit, and of what a node reads while it is
 * written, only the start.
 *
 * @param warmMs what a warm call takes, by component; components left out count as instant
 */
export function longestWarmPath({ definition }: Graph, warmMs: Readonly<Record<string, number>>): WarmPath {
  const paths = new Map<string, NodePaths>();
  for (const node of definition.nodes) {
    const start = startOf(node, paths);
    const durationMs = start.durationMs + leastOwnMs(node, definition, warmMs);
    paths.set(node.id, { start, end: { nodes: [...start.nodes, node.id], durationMs } });
  }
  return last(definition.result.needs.map((need) => paths.get(need)!.end));
}

function leastOwnMs(node: NodeDefinition, { timeout }: GraphDefinition, warmMs: Readonly<Record<string, number>>) {
  if (node.kind === 'compute' || node.when !== undefined) return 0;
  return Math.min(warmMs[node.call.name] ?? 0, node.timeout?.nodeMs ?? timeout?.nodeMs ?? Infinity);
}

function startOf({ needs, reads = [], join }: NodeDefinition, paths: ReadonlyMap<string, NodePaths>): WarmPath {
  if (join) return startOfJoin(join, needs, paths);
  return last(needs.map((need) => paths.get(need)![reads.includes(need) ? 'start' : 'end']));
}

function startOfJoin(join: Join, needs: readonly string[], paths: ReadonlyMap<string, NodePaths>): WarmPath {
  const met = endOf(join, paths);
  if (!join.late) return met;
  const { afterMs, atLeast } = join.late;
  const first = inOrder(needs.map((need) => paths.get(need)!.start))[0] ?? NOTHING;
  const window = { nodes: first.nodes, durationMs: first.durationMs + afterMs };
  return inOrder([met, last([window, endOf({ atLeast, of: join.of }, paths)])])[0]!;
}

/** When a branch brings its value: of some of several with the last that is waited for. */
function endOf(branch: JoinBranch, paths: ReadonlyMap<string, NodePaths>): WarmPath {
  if (typeof branch === 'string') return paths.get(branch)!.end;
  const [branches, atLeast] = isList(branch) ? [branch, branch.length] : [branch.of, branch.atLeast];
  return inOrder(branches.map((each) => endOf(each, paths)))[atLeast - 1] ?? NOTHING;
}

function last(paths: readonly WarmPath[]): WarmPath {
  return paths.reduce((worst, path) => (path.durationMs > worst.durationMs ? path : worst), NOTHING);
}

function inOrder(paths: readonly WarmPath[]): WarmPath[] {
  return paths.toSorted((one, other) => one.durationMs - other.durationMs);
}
