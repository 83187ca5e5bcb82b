import { table } from '../table.ts';
import { change, estimate } from './estimates.ts';
import { STEP, type StepFigures } from './steps.ts';

const TUNED = 'tuned';

/** Of each step: how soon users get their answers in time again, and what that costs. */
export function reportSteps(figures: readonly StepFigures[]): string {
  const factors = [...new Set(figures.map(({ factor }) => factor))].sort((a, b) => a - b);
  return `## A step of the load

The agent of the support scenario at 0.5 runs a second, an objective of 35 s at P95; from hour ${STEP.startHours} on it is as many times that for
${STEP.durationMinutes / 60} hours, which nothing foretells. "In time again": until 95 % of the runs of the next ten minutes are. Copies are of all models;
"back" is from the end of the step until they are as many as before, or a quarter more. Dollars are of the twelve hours from the step on.
The number after a way is its target; 5 is the example of the SageMaker guide.

${factors.map((factor) => stepSection(figures, factor)).join('\n\n')}`;
}

function stepSection(figures: readonly StepFigures[], factor: number): string {
  const its = figures.filter((each) => each.factor === factor);
  const ways = [...new Set(its.map(({ way }) => way))];
  const of = (way: string) => its.filter((each) => each.way === way).sort((a, b) => a.seed - b.seed);
  const costs = (way: string) => of(way).map(({ costUsd }) => costUsd);
  const head = ['', 'in time again, min', 'late until then', 'late after that', 'copies', 'back, min', '$'];
  const lines = ways.map((way) => {
    const rows = of(way);
    return [
      way,
      minutes(rows.map(({ recoveryMinutes }) => recoveryMinutes)),
      estimate(
        rows.map(({ lateUntilThen }) => lateUntilThen),
        0,
      ),
      rows.every(({ recoveryMinutes }) => recoveryMinutes === null)
        ? '-'
        : `${(100 * mean(rows.map(({ lateShareThen }) => lateShareThen))).toFixed(1)} %`,
      `${mean(rows.map(({ usualCopies }) => usualCopies)).toFixed(1)} to ${mean(rows.map(({ peakCopies }) => peakCopies)).toFixed(0)}`,
      rows.every(({ usualCopies, peakCopies }) => peakCopies <= usualCopies)
        ? '-'
        : minutes(rows.map(({ backMinutes }) => backMinutes)),
      estimate(costs(way), 0),
    ];
  });
  const beside = ways.filter((way) => way !== TUNED).map((way) => `${way}: ${change(costs(TUNED), costs(way))}`);
  return `### ${factor} times

${table(head, lines)}

Dollars of tuned beside ${beside.join('; ')}.`;
}

/** Of those that ended; how many did not is told. */
function minutes(values: readonly (number | null)[]): string {
  const ended = values.filter((value) => value !== null);
  if (ended.length === 0) return 'never';
  const never = ended.length < values.length ? `, ${values.length - ended.length} of ${values.length} never` : '';
  return `${estimate(ended, 1)}${never}`;
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
