import { table } from '../table.ts';
import { estimate } from './estimates.ts';
import { HOURS, type WrongTargetFigures } from './targets.ts';

/** Of each wrong target: how soon it is right, and who pays for it until then. */
export function reportTargets(figures: readonly WrongTargetFigures[]): string {
  const factors = [...new Set(figures.map(({ factor }) => factor))].sort((a, b) => a - b);
  const of = (factor: number, isTuned: boolean) =>
    figures.filter((each) => each.factor === factor && each.isTuned === isTuned).sort((a, b) => a.seed - b.seed);
  const corrected = factors.map((factor) => {
    const rows = of(factor, true);
    return [
      `x${factor}`,
      rows[0]!.firstTarget.toFixed(0),
      estimate(
        rows.map(({ finalTarget }) => finalTarget),
        1,
      ),
      estimate(
        rows.map(({ correctedHours }) => correctedHours),
        1,
      ),
      estimate(
        rows.map(({ changes }) => changes),
        1,
      ),
      hours(rows.map(({ inTimeHours }) => inTimeHours)),
      estimate(
        rows.map(({ lateUntilThen }) => lateUntilThen),
        0,
      ),
    ];
  });
  const spent = factors.flatMap((factor) =>
    [true, false].flatMap((isTuned) => {
      const rows = of(factor, isTuned);
      if (rows.length === 0) return [];
      const line = [
        `x${factor}, ${isTuned ? 'tuned' : 'left alone'}`,
        `${(100 * mean(rows.map(({ lateShare }) => lateShare))).toFixed(1)} %`,
        worst(rows),
        mean(rows.map(({ copiesAtLast }) => copiesAtLast)).toFixed(1),
        estimate(
          rows.map(({ costUsd }) => costUsd),
          0,
        ),
      ];
      return [line];
    }),
  );
  return `## A wrong target

The same agent at a steady 2 runs a second for ${HOURS} hours. All targets begin at so many times the scenario's own 8, with which target tracking
alone keeps the objective. Targets are the writer's. "Right": until it stays within 20 % of the median of the last six hours; changes are of
the time until then. "In time": until two hours begin of which each half hour has 95 % of its runs in time.

${table(['', 'begins', 'ends', 'right, h', 'changes', 'in time, h', 'late until then'], corrected)}

Of all ${HOURS} hours; the worst P95 is of half hours without the first, copies are of the last six hours. What is left alone is of one seed.

${table(['', 'late', 'worst P95, s', 'copies', '$'], spent)}`;
}

function hours(values: readonly (number | null)[]): string {
  const ended = values.filter((value) => value !== null);
  return ended.length < values.length
    ? `${values.length - ended.length} of ${values.length} never`
    : estimate(ended, 1);
}

function worst(rows: readonly WrongTargetFigures[]): string {
  const seconds = rows.map(({ worstP95Seconds }) => worstP95Seconds).filter((value) => value !== null);
  return seconds.length < rows.length ? 'failed' : Math.max(...seconds).toFixed(0);
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
