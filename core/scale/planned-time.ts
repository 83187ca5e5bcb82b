import type { MeasuredNode } from './measured-split';
import { timeShares } from './split/time-shares';

/**
 * The time of a plan as that of its parts. What one run calls says nothing of the next, and calls go on beside each other; but of
 * the time of all calls each component keeps its share (see `timeShares`). So a part takes its share of whatever the plan takes.
 *
 * @param callsMs what all calls of each part took, by its id
 * @returns by the ids of the parts; undefined while none is known to take time
 */
export function partTimes(
  { latency, reach }: MeasuredNode,
  callsMs: Readonly<Record<string, number>>,
): ReadonlyMap<string, MeasuredNode> | undefined {
  if (!Object.values(callsMs).some((ms) => ms > 0)) return undefined;
  const parts = [...timeShares([callsMs])].map(([id, share]): [string, MeasuredNode] => [
    id,
    { latency: { count: latency.count, percentileMs: (p) => share * latency.percentileMs(p) }, reach },
  ]);
  return new Map(parts);
}
