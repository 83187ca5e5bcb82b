import type { NodeRecord } from './record';

export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * For what part of a run each node of its critical path decided how long that took. The parts never overlap: of nodes that ran
 * at the same time, the one that reads a stream waits for the one that writes it until that has ended, and a late join goes on
 * while what it has waited for may still run for others.
 *
 * @param criticalPath as in the record of the run; tasks are inside of their plan, and have no part of their own
 */
export function criticalSpans(
  criticalPath: readonly string[],
  nodes: Readonly<Record<string, NodeRecord>>,
): ReadonlyMap<string, Span> {
  const path = criticalPath.filter((id) => !id.includes('/'));
  const untilMs: number[] = [];
  for (let i = path.length - 1; i >= 0; i--) {
    const next = nodes[path[i + 1]!];
    const isRead = next?.reads?.includes(path[i]!) === true;
    untilMs[i] = Math.min(nodes[path[i]!]!.endMs, isRead ? untilMs[i + 1]! : (next?.startMs ?? Infinity));
  }
  return new Map(
    path.map((id, i) => {
      const fromMs = Math.max(nodes[id]!.startMs, untilMs[i - 1] ?? 0);
      return [id, { fromMs, toMs: Math.max(fromMs, untilMs[i]!) }];
    }),
  );
}
