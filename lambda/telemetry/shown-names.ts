import type { RunRecord } from '../../core/run/record';
import { graphNodeOf } from './run-shape';

/**
 * How places of a run are called in logs, headers and answers: nodes as in the record, but tasks of plans by their number
 * and their tool, as in `research/3:search`. Their ids are a planner's words, and may repeat what it was asked.
 */
export function shownNames({ nodes }: Pick<RunRecord, 'nodes'>): (at: string) => string {
  const names = new Map<string, string>();
  const tasksOf = new Map<string, number>();
  for (const [id, { component = 'task' }] of Object.entries(nodes)) {
    const [plan, task] = id.split('/') as [string, string?];
    if (task === undefined) continue;
    const number = (tasksOf.get(plan) ?? 0) + 1;
    tasksOf.set(plan, number);
    names.set(id, `${plan}/${number}:${component}`);
  }
  return (at) => names.get(at) ?? graphNodeOf(at);
}
