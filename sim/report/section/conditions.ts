import { markup } from '../../../core/report/markup';
import type { Condition, ExperimentResult } from '../../experiment/result';
import { checked, table } from '../table';
import { absent, type Section } from './section';

export function conditionsSection({ conditions }: ExperimentResult): Section {
  return { id: 'conditions', title: 'Matched conditions', body: body(conditions) };
}

function body(conditions: readonly Condition[]) {
  if (conditions.length === 0)
    return absent('This run checked no conditions, so nothing shows that its cells are comparable.');
  const holding = conditions.filter(({ holds }) => holds).length;
  return markup`<p>Both sides share what is listed here, and the harness checked each of them: ${holding} of ${conditions.length} hold.</p>
${table<Condition>(
  'Conditions that both sides share',
  [
    { title: 'condition', cell: ({ name }) => name },
    { title: 'value', cell: ({ value }) => markup`<code>${value}</code>` },
    { title: 'check', cell: ({ holds }) => checked(holds, 'holds', 'does not hold') },
  ],
  conditions,
)}`;
}
