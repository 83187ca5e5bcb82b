import { table } from '../table.ts';
import { NOTHING } from './ablations.ts';
import { change, estimate, points } from './estimates.ts';
import { LOADS } from './loads.ts';
import type { WorthFigures } from './worth.ts';

/** Of each load: what becomes worse, or better, where a mechanism is missing. */
export function reportWorth(figures: readonly WorthFigures[]): string {
  const loads = Object.keys(LOADS).filter((name) => figures.some(({ load }) => load === name));
  return `## What each mechanism is worth

The tuner without one of its mechanisms, beside the whole: + is dearer, slower, later, or more writes of scaling policies. Mechanisms that have no switch
are left out by what the decision is shown, or forgets.

${loads.map((load) => loadSection(figures, load)).join('\n\n')}`;
}

function loadSection(figures: readonly WorthFigures[], load: string): string {
  const its = figures.filter((each) => each.load === load);
  const of = (without: string) => its.filter((each) => each.without === without).sort((a, b) => a.seed - b.seed);
  const whole = of(NOTHING);
  const p95s = (rows: readonly WorthFigures[]) => rows.map(({ p95Seconds }) => p95Seconds ?? Number.NaN);
  const lates = (rows: readonly WorthFigures[]) => rows.map(({ lateShare }) => lateShare);
  const costs = (rows: readonly WorthFigures[]) => rows.map(({ costUsd }) => costUsd);
  const lines = [...new Set(its.map(({ without }) => without))]
    .filter((without) => without !== NOTHING)
    .map((without) => {
      const rows = of(without);
      const hasP95 = [...rows, ...whole].every(({ p95Seconds }) => p95Seconds !== null);
      return [
        without,
        change(costs(rows), costs(whole)),
        hasP95 ? change(p95s(rows), p95s(whole)) : 'failed',
        points(lates(rows), lates(whole)),
        (mean(rows) - mean(whole)).toFixed(1),
      ];
    });
  return `### ${LOADS[load]!.title}

Seeds: ${whole.length}. The whole: $${estimate(costs(whole), 0)}, P95 ${estimate(p95s(whole), 1)} s, ${(100 * (lates(whole).reduce((sum, each) => sum + each, 0) / whole.length)).toFixed(1)} % late, ${mean(whole).toFixed(1)} writes.

${table(['without', '$', 'P95', 'late, points', 'writes'], lines)}`;
}

const mean = (rows: readonly WorthFigures[]) => rows.reduce((sum, { writes }) => sum + writes, 0) / rows.length;
