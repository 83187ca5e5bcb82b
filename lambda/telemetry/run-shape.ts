import { criticalSpans } from '../../core/run/critical-spans';
import type { CallRecord, NodeRecord, RunRecord } from '../../core/run/record';

/** Whether a run counts as an error. One whose caller went away does not: nobody is left to miss its answer. */
export function hasFailed({ status }: RunRecord): boolean {
  return status !== 'succeeded' && status !== 'cancelled';
}

/** How many cold starts a run met one after another: nodes of its critical path with a call that waited for a copy. */
export function cascadeDepth({ criticalPath, nodes }: RunRecord): number {
  return criticalPath.filter((id) => nodes[id]!.calls.some(({ coldMs }) => coldMs > 0)).length;
}

/** Whether a node came to its own end: its times are what it took, and not when it was cut off. */
export function hasEnded({ status }: NodeRecord): boolean {
  return status === 'succeeded' || status === 'failed';
}

/** The node of the graph that a node of a record is, or whose plan has made it: a task is told as `plan/task`. */
export function graphNodeOf(id: string): string {
  return id.split('/', 1)[0]!;
}

/** The nodes of the graph with their calls, those of a plan with the calls of its tasks, which a planner names as it likes. */
export function graphNodes({ nodes }: RunRecord): ReadonlyMap<string, NodeRecord> {
  const known = new Map<string, NodeRecord>();
  for (const [id, node] of Object.entries(nodes)) {
    const name = graphNodeOf(id);
    const plan = known.get(name);
    known.set(name, plan ? { ...plan, calls: [...plan.calls, ...node.calls] } : node);
  }
  return known;
}

/** Calls of a component that a plan made: those of its planner, or of its tasks. */
export interface PlannedCalls {
  readonly plan: string;
  readonly component: string;
  readonly calls: readonly CallRecord[];
}

/** What plans called, by the components that their graph names. Tasks that were cut off are left out, as nodes are. */
export function plannedCalls({ nodes }: RunRecord): Iterable<PlannedCalls> {
  const made = new Map<string, PlannedCalls>();
  for (const [id, node] of Object.entries(nodes)) {
    const { component, calls } = node;
    if (component === undefined || calls.length === 0 || !hasEnded(node)) continue;
    const plan = graphNodeOf(id);
    const key = `${plan}/${component}`;
    made.set(key, { plan, component, calls: [...(made.get(key)?.calls ?? []), ...calls] });
  }
  return made.values();
}

/** Percent of the time of a run that each node of its critical path decided, 100 together at most; of other nodes nothing. */
export function criticalPathShares({ criticalPath, nodes, wallMs }: RunRecord): ReadonlyMap<string, number> {
  const shares = new Map<string, number>();
  for (const [id, { fromMs, toMs }] of criticalSpans(criticalPath, nodes)) {
    shares.set(id, wallMs > 0 ? (100 * (toMs - fromMs)) / wallMs : 0);
  }
  return shares;
}

/** What it cost a node to make several calls rather than its longest alone. */
export function fanOutOverheadMs({ startMs, endMs, calls }: NodeRecord): number {
  const longestMs = calls.reduce((longest, call) => Math.max(longest, call.endMs - call.startMs), 0);
  return Math.max(0, endMs - startMs - longestMs);
}

/** How often something else than a single try at the first backend answered calls. */
export function policyCounts(calls: readonly CallRecord[]) {
  const counts = { hedges: 0, spillovers: 0, reusedAnswers: 0 };
  for (const { hedges = 0, spills = [], from } of calls) {
    counts.hedges += hedges;
    counts.spillovers += spills.length;
    if (from) counts.reusedAnswers++;
  }
  return counts;
}
