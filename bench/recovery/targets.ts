import { tunerPolicy } from '../../sim/experiment/policies/tuner.ts';
import { simulate } from '../../sim/experiment/simulate.ts';
import { synthesize } from '../../sim/workload/synthesize.ts';
import { median } from '../statistics.ts';
import { copiesWatch } from './copies-watch.ts';
import { InTime } from './in-time.ts';
import { HOUR_US, steadySupport } from './load.ts';
import { withTargets } from './ways.ts';

/** Of one wrong target and one seed; targets are those of the writer, which brings most of the cost. */
export interface WrongTargetFigures {
  /** Of the target that the scenario has, which keeps the objective. */
  readonly factor: number;
  readonly seed: number;
  readonly isTuned: boolean;
  readonly firstTarget: number;
  /** The median of the last six hours. */
  readonly finalTarget: number;
  /** From the beginning until the target stays within 20 % of the final one. */
  readonly correctedHours: number;
  /** Of the target, until then. */
  readonly changes: number;
  /** Until 95 % of the runs of four half hours in a row are in time, each by itself; null if they never are. */
  readonly inTimeHours: number | null;
  /** Runs beyond the objective or failed, of all and until those four half hours. */
  readonly lateShare: number;
  readonly lateUntilThen: number;
  /** Of half hours, the first left out: it is a start as well. */
  readonly worstP95Seconds: number;
  /** Of the whole run and all models, and of its last six hours by the hour. */
  readonly costUsd: number;
  readonly copiesAtLast: number;
}

export const HOURS = 36;
const REQUESTS_PER_SECOND = 2;
const WATCHED = 'writer';

const LOOK_US = 60e6;
const LAST_LOOKS = 360;
const WITHIN_SHARE = 0.2;

const PART_US = 1800e6;
const PARTS_IN_A_ROW = 4;
const IN_TIME_SHARE = 0.95;

/** A steady load that begins with every target so many times what it should be. */
export function measureWrongTarget(factor: number, isTuned: boolean, seed: number): WrongTargetFigures {
  const scenario = steadySupport(HOURS, REQUESTS_PER_SECOND);
  const { watched, policy } = copiesWatch(LOOK_US, [WATCHED]);
  const requests = synthesize(scenario.workload, seed);
  const { log, costUsd } = simulate({
    scenario,
    world: withTargets(scenario.world, (_, present) => factor * present),
    requests,
    seed,
    scoreFromUs: 0,
    initialCopies: { planner: 2, writer: 4, expert: 1 },
    policies: isTuned ? [policy, tunerPolicy()] : [policy],
  });
  const targets = watched.targets[WATCHED]!.slice(0, HOURS * 60);
  const finalTarget = median(targets.slice(-LAST_LOOKS));
  const lastWrong = targets.findLastIndex((target) => Math.abs(target / finalTarget - 1) > WITHIN_SHARE);
  const untilRight = targets.slice(0, lastWrong + 2);

  const inTime = new InTime(requests, log.latencyUs, scenario.objective.p95Ms);
  const parts = Array.from({ length: (HOURS * HOUR_US) / PART_US }, (_, part) => part * PART_US);
  const isInTime = parts.map((us) => {
    const { count, late } = inTime.between(us, us + PART_US);
    return late <= (1 - IN_TIME_SHARE) * count;
  });
  const firstInTime = parts.findIndex(
    (_, part) =>
      part + PARTS_IN_A_ROW <= parts.length && isInTime.slice(part, part + PARTS_IN_A_ROW).every((each) => each),
  );
  const all = inTime.between(0, HOURS * HOUR_US);
  const lastCopies = watched.copies.slice(0, HOURS * 60).slice(-LAST_LOOKS);
  return {
    factor,
    seed,
    isTuned,
    firstTarget: targets[0]!,
    finalTarget,
    correctedHours: ((lastWrong + 1) * LOOK_US) / HOUR_US,
    changes: untilRight.filter((target, at) => at > 0 && target !== untilRight[at - 1]).length,
    inTimeHours: firstInTime < 0 ? null : parts[firstInTime]! / HOUR_US,
    lateShare: all.late / all.count,
    lateUntilThen: inTime.between(0, firstInTime < 0 ? HOURS * HOUR_US : parts[firstInTime]!).late,
    worstP95Seconds: Math.max(...parts.slice(1).map((us) => inTime.p95Seconds(us, us + PART_US))),
    costUsd,
    copiesAtLast: lastCopies.reduce((sum, copies) => sum + copies, 0) / lastCopies.length,
  };
}
