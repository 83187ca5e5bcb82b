import { known, type Report, show } from '../../private/checks';
import { checkShape } from '../../private/shape';
import type { CopySchedule, ScalableCopiesProps } from '../scalable-copies';
import { COPY_SCALING, COPY_SCHEDULE } from './shapes';

/** Checks the bounds and the target of copies. */
export function checkCopyScaling(report: Report, props: ScalableCopiesProps): void {
  if (!checkShape('scaling', '', props, COPY_SCALING, report)) return;
  const [min, max, initial] = [known(props.min), known(props.max), known(props.initialCopies)];
  checkBounds(report, '', props.min, props.max);
  if (max === 0) {
    report(
      'scaling/max-zero',
      'max',
      'must be at least 1, or no copy could ever start: switch off by a schedule with min: 0, max: 0',
    );
  }
  const target = known(props.targetConcurrency);
  if (target !== undefined && !(target > 0)) {
    report(
      'scaling/target-concurrency',
      'targetConcurrency',
      `must be above 0, the requests that one copy should have at a time, got: ${show(target)}`,
    );
  }
  if (initial === undefined) return;
  if ((min !== undefined && initial < min) || (max !== undefined && initial > max)) {
    report(
      'scaling/initial-copies',
      'initialCopies',
      `must be within min and max (${show(min)} to ${show(max)}), got: ${show(initial)}`,
    );
  }
}

/** Checks a schedule against the scaling that it changes. */
export function checkCopySchedule(
  report: Report,
  id: string,
  schedule: CopySchedule,
  scaling: ScalableCopiesProps,
  others: ReadonlyMap<string, CopySchedule>,
): void {
  if (!checkShape('scaling', `schedule ${show(id)}`, schedule, COPY_SCHEDULE, report)) return;
  const field = (bound: string) => `schedule ${show(id)} ${bound}`;
  if (others.has(id)) report('scaling/schedule-twice', field('id'), 'is taken by another schedule of the component');
  if (schedule.min === undefined && schedule.max === undefined) {
    report('scaling/schedule-empty', field('min'), 'or max must be given');
  }
  checkBounds(report, `schedule ${show(id)} `, schedule.min, schedule.max);
  if (schedule.min === 0 && schedule.max !== 0 && !mayBeZero(scaling.min)) {
    report(
      'scaling/schedule-to-zero',
      field('min'),
      'must not be 0, because nothing would start the first copy again: give autoScaleCopies a min of 0, or give this schedule min: 0, max: 0 to switch the component off until the next one',
    );
  }
}

/** Checks schedules that set one bound and leave the other: at no time may the other be such that the two fit. */
export function checkSchedulesTogether(
  report: Report,
  scaling: ScalableCopiesProps,
  scheduled: ReadonlyMap<string, CopySchedule>,
): void {
  const schedules = [...scheduled];
  const bounds = (bound: 'min' | 'max') => [scaling[bound], ...schedules.flatMap(([, { [bound]: own }]) => own ?? [])];
  const [mins, maxs] = [bounds('min'), bounds('max')];
  const lowestMin = mins.some((min) => known(min) === undefined) ? 0 : Math.min(...mins);
  const highestMax = maxs.some((max) => known(max) === undefined) ? Infinity : Math.max(...maxs);
  for (const [id, { min: givenMin, max: givenMax }] of schedules) {
    const field = (bound: string) => `schedule ${show(id)} ${bound}`;
    const [min, max] = [known(givenMin), known(givenMax)];
    if (givenMax === undefined && min !== undefined && min > highestMax) {
      const message = `must not be above the highest max at any time (${highestMax}), got: ${min}; give the schedule a max, too`;
      report('scaling/schedule-above-max', field('min'), message);
    }
    if (givenMin === undefined && max !== undefined && max < lowestMin) {
      const message = `must not be below the lowest min at any time (${lowestMin}), got: ${max}; give the schedule a min, too`;
      report('scaling/schedule-below-min', field('max'), message);
    }
  }
}

/** Whether a minimum of copies is 0, or not known to be more. */
export function mayBeZero(min: number): boolean {
  return (known(min) ?? 0) === 0;
}

function checkBounds(report: Report, prefix: string, givenMin?: number, givenMax?: number): void {
  const [min, max] = [known(givenMin), known(givenMax)];
  for (const [name, value] of Object.entries({ min, max })) {
    if (value !== undefined && !(Number.isInteger(value) && value >= 0)) {
      report(
        `scaling/${name}`,
        `${prefix}${name}`,
        `must be a whole number of copies, at least 0, got: ${show(value)}`,
      );
    }
  }
  if (min !== undefined && max !== undefined && min > max) {
    report('scaling/min-above-max', `${prefix}min`, `must not be above max (${max}), got: ${min}`);
  }
}
