import { markup } from '../../../core/report/markup';
import type { ExperimentResult, Region } from '../../experiment/result';
import { NONE, signedPercent } from '../format';
import { table } from '../table';
import { absent, type Section } from './section';

export function staticWinsSection({ staticWins = [] }: ExperimentResult): Section {
  const [id, title] = ['static-wins', 'Where the static fleet wins'];
  if (staticWins.length === 0)
    return {
      id,
      title,
      body: absent('Left out: this run did not look for conditions under which the static fleet is better.'),
    };
  return {
    id,
    title,
    body: markup`<p>Conditions under which the static fleet is the better choice. Changes are those of modular against static, so more is worse.</p>
${table<Region>(
  'Where the static fleet wins',
  [
    { title: 'condition', cell: ({ name }) => name },
    {
      title: 'cost',
      isNumeric: true,
      cell: ({ costChange }) => (costChange === null ? NONE : signedPercent(costChange)),
    },
    { title: 'P95', isNumeric: true, cell: ({ p95Change }) => (p95Change === null ? NONE : signedPercent(p95Change)) },
    { title: 'finding', cell: ({ finding }) => markup`<span class="prose">${finding}</span>` },
  ],
  staticWins,
)}`,
  };
}
