/** What a deployment costs and how slow it is. */
export interface CostAndLatency {
  readonly costUsd: number;
  readonly p95Ms: number;
}

/**
 * The points that no other beats: nothing is both no dearer and no slower, and better in one of the two. By rising cost,
 * hence falling latency; equal points stay together. One of infinite latency serves nobody, however cheap.
 */
export function paretoFront<Point extends CostAndLatency>(points: readonly Point[]): Point[] {
  const front: Point[] = [];
  const candidates = points
    .filter(({ p95Ms }) => p95Ms < Infinity)
    .sort((a, b) => a.costUsd - b.costUsd || a.p95Ms - b.p95Ms);
  for (const point of candidates) {
    const last = front.at(-1);
    const isEqual = point.costUsd === last?.costUsd && point.p95Ms === last.p95Ms;
    if (!last || point.p95Ms < last.p95Ms || isEqual) front.push(point);
  }
  return front;
}
