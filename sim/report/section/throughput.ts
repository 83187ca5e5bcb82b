import { breakable, markup } from '../../../core/report/markup';
import type { ExperimentResult, ThroughputRow } from '../../experiment/result';
import { decimal, formatFor } from '../format';
import { table } from '../table';
import { absent, type Section } from './section';

export function throughputSection({ throughput = [] }: ExperimentResult): Section {
  const [id, title] = ['throughput', 'Throughput at the objective'];
  if (throughput.length === 0)
    return { id, title, body: absent('Left out: this run measured no sustainable throughput.') };
  const rate = formatFor(throughput.map(({ sustainableRps }) => sustainableRps));
  return {
    id,
    title,
    body: markup`<p>The highest rate at which at least 95${'\u00A0'}% of the requests end within the objective, for three seeds in a row. Arrivals do not wait for answers.</p>
${table<ThroughputRow>(
  'Sustainable throughput',
  [
    { title: 'cell', cell: ({ cell }) => breakable(cell) },
    { title: 'requests/s', isNumeric: true, cell: ({ sustainableRps }) => rate(sustainableRps) },
    { title: 'beside the first', isNumeric: true, cell: ({ ratio }) => `${decimal(ratio, 2)}\u00A0×` },
    { title: 'held equal', cell: ({ at }) => at },
  ],
  throughput,
)}`,
  };
}
