import { pairedRatio } from '../../sim/statistics/paired.ts';
import { table } from '../table.ts';
import { estimate } from './estimates.ts';
import type { ThroughputFigures } from './throughput.ts';

const PROMISED = 4;

/** Of each scenario: how much more, or less, the same money carries. */
export function reportThroughput(figures: readonly ThroughputFigures[]): string {
  const scenarios = [...new Set(figures.map(({ scenario }) => scenario))];
  const lines = scenarios.map((scenario) => {
    const rows = figures.filter((each) => each.scenario === scenario).sort((a, b) => a.seed - b.seed);
    const modular = rows.map(({ modularRps }) => modularRps);
    const fixed = rows.map(({ staticRps }) => staticRps);
    const { mean, low, high } = pairedRatio(modular, fixed);
    return [
      scenario,
      String(rows.length),
      estimate(
        rows.map(({ fleetUsd }) => fleetUsd),
        0,
      ),
      estimate(fixed, 3),
      estimate(modular, 3),
      [...new Set(rows.map(({ modularEndsBy }) => modularEndsBy))].join(', '),
      rows.length < 2 ? mean.toFixed(2) : `${mean.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`,
      mean >= PROMISED ? 'yes' : '**no**',
    ];
  });
  const head = [
    'scenario',
    'seeds',
    '$',
    'static, runs/s',
    'modular, runs/s',
    'ended by',
    'modular over static',
    `>= ${PROMISED}`,
  ];
  return `## Throughput at the objective and equal spend

The highest mean rate, by the scenario's own shape and bursts, at which 95 % of the runs of the scored week are in time: found by bisection to 3 %, open loop.
The static fleet is the smallest that costs at least as much as modular does at the rate of the scenario; modular may spend
as much as that fleet costs, and what ends its search is the spend or the objective.

${table(head, lines)}`;
}
