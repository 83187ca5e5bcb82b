import { simulate } from '../../sim/experiment/simulate.ts';
import { synthesize } from '../../sim/workload/synthesize.ts';
import { copiesWatch } from './copies-watch.ts';
import { InTime } from './in-time.ts';
import { HOUR_US, steadySupport } from './load.ts';
import { waysOf } from './ways.ts';

/** Of one way to scale, one step of the load and one seed. */
export interface StepFigures {
  readonly way: string;
  readonly factor: number;
  readonly seed: number;
  /** From the step until 95 % of the requests of the next ten minutes are in time; null if that was not before its end. */
  readonly recoveryMinutes: number | null;
  /** Requests beyond the objective or failed until then. */
  readonly lateUntilThen: number;
  /** Share of those that came after that, up to the end of the step. */
  readonly lateShareThen: number;
  /** Copies of all models: the mean of two hours before the step, and the most from its beginning on. */
  readonly usualCopies: number;
  readonly peakCopies: number;
  /** From the end of the step until copies are as many as usual, or a quarter more; null if they never are. */
  readonly backMinutes: number | null;
  /** From the beginning of the step to the end of the run: twelve hours. */
  readonly costUsd: number;
}

const HOURS = 24;
const REQUESTS_PER_SECOND = 0.5;

/** Long beside a start of a copy, so that what is left of a step shows. */
export const STEP = { startHours: 12, durationMinutes: 240 };

const START_US = STEP.startHours * HOUR_US;
const END_US = START_US + STEP.durationMinutes * 60e6;

const LOOK_US = 60e6;
const WINDOW_US = 600e6;
const GRID_US = 10e6;
const IN_TIME_SHARE = 0.95;

const BACK_SHARE = 1.25;

/** Every way to scale, through one step of the load. */
export function measureStep(factor: number, seed: number): StepFigures[] {
  const scenario = steadySupport(HOURS, REQUESTS_PER_SECOND, { ...STEP, factor });
  const before = steadySupport(HOURS, REQUESTS_PER_SECOND);
  const during = steadySupport(HOURS, REQUESTS_PER_SECOND * factor);
  const requests = synthesize(scenario.workload, seed);
  return Object.entries(waysOf(before, during)).map(([way, { policies = [], ...settings }]) => {
    const { watched, policy } = copiesWatch(LOOK_US, []);
    const outcome = simulate({
      scenario,
      requests,
      seed,
      scoreFromUs: START_US,
      ...settings,
      policies: [policy, ...policies],
    });
    const inTime = new InTime(requests, outcome.log.latencyUs, scenario.objective.p95Ms);
    const copiesAt = (us: number) => watched.copies[Math.floor(us / LOOK_US) - 1]!;
    const copiesBetween = (fromUs: number, toUs: number) =>
      watched.copies.slice(Math.floor(fromUs / LOOK_US), Math.floor(toUs / LOOK_US));
    const before2h = copiesBetween(START_US - 2 * HOUR_US, START_US);
    const usualCopies = before2h.reduce((sum, copies) => sum + copies, 0) / before2h.length;
    const recoveredUs = firstOf(START_US, END_US - WINDOW_US, GRID_US, (us) => {
      const { count, late } = inTime.between(us, us + WINDOW_US);
      return late <= (1 - IN_TIME_SHARE) * count;
    });
    const backUs = firstOf(END_US, HOURS * HOUR_US, LOOK_US, (us) => copiesAt(us) <= BACK_SHARE * usualCopies);
    const rest = inTime.between(recoveredUs ?? END_US, END_US);
    return {
      way,
      factor,
      seed,
      recoveryMinutes: recoveredUs === undefined ? null : (recoveredUs - START_US) / 60e6,
      lateUntilThen: inTime.between(START_US, recoveredUs ?? END_US).late,
      lateShareThen: rest.count === 0 ? 0 : rest.late / rest.count,
      usualCopies,
      peakCopies: Math.max(...copiesBetween(START_US, HOURS * HOUR_US)),
      backMinutes: backUs === undefined ? null : (backUs - END_US) / 60e6,
      costUsd: outcome.costUsd,
    };
  });
}

function firstOf(fromUs: number, toUs: number, byUs: number, holds: (us: number) => boolean): number | undefined {
  for (let us = fromUs; us <= toUs; us += byUs) if (holds(us)) return us;
  return undefined;
}
