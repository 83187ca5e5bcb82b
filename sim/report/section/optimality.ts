import { breakable, type Content, type Markup, markup } from '../../../core/report/markup';
import type { CellSummary, ExperimentResult } from '../../experiment/result';
import { dollars, NONE, percent, seconds } from '../format';
import { table } from '../table';
import type { Section } from './section';

export function optimalitySection({ bounds, cells }: ExperimentResult): Section {
  const facts: [string, string][] = [
    ['work alone', dollars(bounds.workUsd)],
    ['capacity in every minute', dollars(bounds.capacityUsd)],
    ['with start-ups and minimum bills', dollars(bounds.startUpUsd)],
    ['P95 of calls that are alone', seconds(bounds.p95Ms)],
  ];
  return {
    id: 'optimality',
    title: 'Beside the optimum',
    body: markup`<p>Lower bounds, of each seed and then averaged. No policy that answers every request does so for less than the work alone costs in copies whose batch is always full, or has a lower P95; the other two costs bound the policies that have the capacity for the work of every minute in that minute. Efficiency is the bound with start-ups over the cost of a cell, and may exceed 100${'\u00A0'}% only of one that lets work wait for another minute; recovered is the share that a cell saves of the latency that static leaves above the bound.</p>
<dl class="facts">${facts.map(([name, value]) => markup`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
${table<CellSummary>(
  'Efficiency and recovered latency',
  [
    { title: 'cell', cell: ({ cell }) => breakable(cell) },
    { title: 'efficiency', isNumeric: true, cell: ({ efficiency }) => metered(efficiency) },
    { title: 'recovered', isNumeric: true, cell: ({ recovered }) => (recovered === null ? NONE : metered(recovered)) },
  ],
  cells,
)}`,
  };
}

/** A share with a bar; one that is negative has none. */
function metered(share: number): Content {
  const width = 100 * Math.min(1, Math.max(0, share));
  const bar: Markup = markup`<svg class="meter" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect class="rail" width="100" height="8"/><rect class="fill" width="${width}" height="8"/></svg>`;
  return markup`${bar}<span class="beside-meter">${percent(share)}</span>`;
}
