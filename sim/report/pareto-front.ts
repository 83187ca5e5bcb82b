import type { CellSummary } from '../experiment/result';

/** The cells that no other cell beats on both cost and P95, from the cheapest to the fastest. */
export function paretoFront(cells: readonly CellSummary[]): CellSummary[] {
  const byCost = cells
    .filter(({ p95Ms, isReference }) => p95Ms !== null && !isReference)
    .toSorted((a, b) => a.costUsd.mean - b.costUsd.mean || a.p95Ms!.mean - b.p95Ms!.mean);
  const front: CellSummary[] = [];
  for (const cell of byCost) {
    const best = front.at(-1);
    if (best === undefined || cell.p95Ms!.mean < best.p95Ms!.mean) front.push(cell);
  }
  return front;
}
