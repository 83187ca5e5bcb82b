import { markup } from '../../../core/report/markup';
import { meetsObjective } from '../../experiment/objective';
import type { CellSummary, Estimate, ExperimentResult } from '../../experiment/result';
import { decimal, type Format, formatFor } from '../format';
import { type Column, checked, estimated, named, table } from '../table';
import type { Section } from './section';

export function cellsSection(result: ExperimentResult): Section {
  const { cells } = result;
  const numeric = (
    title: string,
    of: (cell: CellSummary) => Estimate | null,
    format: Format = formatFor(cells.map((cell) => of(cell)?.mean ?? NaN)),
  ): Column<CellSummary> => ({ title, isNumeric: true, cell: (cell) => estimated(of(cell), format) });

  const asPercent = (share: number) => decimal(100 * share, 2);
  const inSeconds = (ms: Estimate | null) => ms && { mean: ms.mean / 1000, low: ms.low / 1000, high: ms.high / 1000 };
  const columns: Column<CellSummary>[] = [
    { title: 'cell', cell: ({ cell, title }) => named(cell, title) },
    numeric('P50, s', ({ p50Ms }) => inSeconds(p50Ms)),
    numeric('P95, s', ({ p95Ms }) => inSeconds(p95Ms)),
    { title: 'objective', cell: (cell) => checked(meetsObjective(cell), 'met', 'missed') },
    numeric('P99, s', ({ p99Ms }) => inSeconds(p99Ms)),
    numeric('cost, $', ({ costUsd }) => costUsd),
    numeric('in time,\u00A0%', ({ attainment }) => attainment, asPercent),
    numeric('cold,\u00A0%', ({ coldShare }) => coldShare, asPercent),
    numeric('failed,\u00A0%', ({ errorShare }) => errorShare, asPercent),
    numeric('requests/s', ({ throughputRps }) => throughputRps),
    numeric('instance-hours', ({ instanceHours }) => instanceHours),
  ];
  return {
    id: 'cells',
    title: 'Cells',
    body: markup`<p>Means over seeds with 95${'\u00A0'}% intervals below. A quantile is taken of each seed, never of all seeds together. In time: requests that ended within the objective; those that failed or were given up did not; the objective is met if 95${'\u00A0'}% do. A cell has no latency here if too many requests failed in any seed. Cold: requests that met a component without a copy.</p>
${table('Cells of the experiment', columns, cells)}`,
  };
}
