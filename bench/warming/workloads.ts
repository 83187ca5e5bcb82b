import type { Scenario } from '../../sim/experiment/scenario.ts';
import { occasional } from '../../sim/scenarios/occasional.ts';
import { review } from '../../sim/scenarios/review.ts';

/** A load, and why it is there. */
export interface WarmingWorkload {
  readonly title: string;
  readonly scenario: Scenario;
}

const HOURS = occasional.workload.days * 24;

/** About every three hours, up to twenty minutes late: jobs that somebody starts when the one before is done with. */
const BURST_EVERY_HOURS = 3;
const LATE_HOURS = 1 / 3;

/** Shares of the lateness, one burst after another: multiples of the golden ratio are spread evenly and never repeat. */
const lateness = (burst: number) => (burst * 0.618_033_988_75) % 1;

const BURST_MINUTES = 5;
const BURST_REQUESTS = 8;

const spikesOf = (factor: number) =>
  Array.from({ length: Math.floor(HOURS / BURST_EVERY_HOURS) }, (_, burst) => ({
    startHours: BURST_EVERY_HOURS * burst + LATE_HOURS * lateness(burst),
    durationMinutes: BURST_MINUTES,
    factor,
  }));

/** @param factor rate of a burst over that of the rest of the time */
function batches(factor: number): Scenario {
  const { dayFactors: _, ...rest } = occasional.workload;
  const meanRatePerSecond = BURST_REQUESTS / (BURST_MINUTES * 60 * factor);
  const hourFactors = Array<number>(24).fill(1);
  const workload = { ...rest, hourFactors, meanRatePerSecond, spikes: spikesOf(factor), clients: [{ cv: 1 }] };
  return { ...occasional, workload };
}

/** By name. */
export const WORKLOADS: Readonly<Record<string, WarmingWorkload>> = {
  'bursty sparse': {
    title: 'ten requests an hour in bursts without a pattern (gamma gaps, CV 4); a chain of three models',
    scenario: occasional,
  },
  'sparse batches': {
    title: 'eight requests within five minutes every three hours, up to twenty minutes late; a chain of three models',
    scenario: batches(1e6),
  },
  'sparse batches and strays': {
    title: 'the same, and one request in thirty at any other time',
    scenario: batches(1000),
  },
  diurnal: {
    title: 'office hours, 20 requests an hour on average; a chain of three models',
    scenario: {
      ...occasional,
      workload: {
        ...occasional.workload,
        meanRatePerSecond: 20 / 3600,
        ...(review.workload.hourFactors && { hourFactors: review.workload.hourFactors }),
        dayFactors: [1, 1, 1, 1, 1, 0.1, 0.1],
        clients: [{ cv: 1.5 }],
      },
    },
  },
  'rare specialists': {
    title: 'office hours, 60 requests an hour on average; four specialists on 1 to 10 % of them',
    scenario: { ...review, workload: { ...review.workload, meanRatePerSecond: 60 / 3600 } },
  },
};
