import fc from 'fast-check';
import type { CellSummary } from '../../../sim/experiment/result';
import { paretoFront } from '../../../sim/report/pareto-front';
import { experimentFixture } from './experiment-fixture';

const [ANY] = experimentFixture({ seeds: 1, cells: 1, points: 1 }).cells;

function cellOf(costUsd: number, p95Ms: number | null): CellSummary {
  const exactly = (mean: number) => ({ mean, low: mean, high: mean });
  return { ...ANY!, costUsd: exactly(costUsd), p95Ms: p95Ms === null ? null : exactly(p95Ms) };
}

const beats = (a: CellSummary, b: CellSummary) =>
  a.costUsd.mean <= b.costUsd.mean &&
  a.p95Ms!.mean <= b.p95Ms!.mean &&
  (a.costUsd.mean < b.costUsd.mean || a.p95Ms!.mean < b.p95Ms!.mean);

test('nothing beats a cell on the front, and something on it beats or equals every other', () => {
  const small = fc.integer({ min: 1, max: 8 });
  fc.assert(
    fc.property(fc.array(fc.tuple(small, small), { minLength: 1, maxLength: 20 }), (points) => {
      const cells = points.map(([cost, p95]) => cellOf(cost, p95));
      const front = paretoFront(cells);

      expect(front.some((cell) => cells.some((other) => beats(other, cell)))).toBe(false);
      for (const cell of cells.filter((other) => !front.includes(other))) {
        const isCovered = front.some(
          (other) => other.costUsd.mean <= cell.costUsd.mean && other.p95Ms!.mean <= cell.p95Ms!.mean,
        );
        expect(isCovered).toBe(true);
      }
    }),
  );
});

test('a cell without a P95 is on no front', () => {
  const slow = cellOf(9, 500);

  expect(paretoFront([cellOf(1, null), slow])).toEqual([slow]);
});
