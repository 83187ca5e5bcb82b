import type { Scenario } from '../../sim/experiment/scenario.ts';
import type { RunSettings } from '../../sim/experiment/simulate.ts';
import { DAY_US } from '../../sim/kernel/time-units.ts';
import { occasional } from '../../sim/scenarios/occasional.ts';
import { review } from '../../sim/scenarios/review.ts';
import { support } from '../../sim/scenarios/support.ts';
import type { RequestList } from '../../sim/workload/request-list.ts';
import { synthesize } from '../../sim/workload/synthesize.ts';
import type { InferenceComponentModel } from '../../sim/world/world-model.ts';
import { COOLDOWNS, KEPT_COPIES } from './ablations.ts';
import { HOUR_US, steadySupport } from './load.ts';
import { STEP } from './steps.ts';
import { withTargets } from './ways.ts';

/** What mechanisms are tried on: all of a run but its policies. */
export interface TrialLoad {
  readonly title: string;
  readonly settings: (seed: number) => Omit<RunSettings, 'policies'>;
  /**
   * What is left out in turn; less where the rest had no effect, or a run takes long.
   *
   * @default - all that a load without models at zero may miss
   */
  readonly without?: readonly string[];
  /** @default as many as there are */
  readonly mostSeeds?: number;
}

/** Of loads whose runs take long, or whose differences are large. */
const FEW_SEEDS = 3;

const ONE_OF_EACH = { planner: 1, expert: 1, writer: 1 } as const;

/** Of the last days of a scenario, trained on those before. */
function shipped(scenario: Scenario): TrialLoad['settings'] {
  const { world, workload, trainingDays } = scenario;
  const initialCopies = Object.fromEntries(Object.keys(world.components).map((name) => [name, 1]));
  return (seed) => {
    const requests = synthesize(workload, seed);
    return { scenario, world, requests, seed, scoreFromUs: trainingDays * DAY_US, initialCopies };
  };
}

/** Scenarios of the whole week have more nights and days off than a mechanism needs to show. */
const TWO_WORKING_DAYS: Scenario = {
  ...review,
  trainingDays: 1,
  workload: { ...review.workload, days: 2, meanRatePerSecond: 0.4 },
};

function steady(
  scenario: Scenario,
  scoreFromUs: number,
  rest: Partial<Pick<RunSettings, 'world' | 'initialCopies'>> = {},
): TrialLoad['settings'] {
  return (seed) => {
    const requests = synthesize(scenario.workload, seed);
    return { scenario, world: scenario.world, requests, seed, scoreFromUs, initialCopies: ONE_OF_EACH, ...rest };
  };
}

const DEPLOYED_WRONG = steadySupport(12, 2);
const BUSY = { planner: 2, expert: 1, writer: 4 } as const;

function wrongTargets(factor: number): TrialLoad['settings'] {
  const world = withTargets(DEPLOYED_WRONG.world, (_, present) => factor * present);
  return steady(DEPLOYED_WRONG, 0, { world, initialCopies: BUSY });
}

/** Eight hours with few requests, for long reports, amid busy ones. */
const REPORTS = { fromHours: 8, toHours: 16, times: 2.5, loadShare: 0.04 };
const WITH_REPORTS: Scenario = (() => {
  const { workload, ...scenario } = steadySupport(24, 1);
  const isQuiet = (hour: number) => hour >= REPORTS.fromHours && hour < REPORTS.toHours;
  const hourFactors = Array.from({ length: 24 }, (_, hour) => (isQuiet(hour) ? REPORTS.loadShare : 1));
  return { ...scenario, workload: { ...workload, hourFactors } };
})();

function longReports(seed: number): Omit<RunSettings, 'policies'> {
  const settings = steady(WITH_REPORTS, REPORTS.fromHours * HOUR_US, { initialCopies: BUSY })(seed);
  return { ...settings, requests: withReports(settings.requests) };
}

function withReports(requests: RequestList): RequestList {
  const { fromHours, toHours, times } = REPORTS;
  const isLong = (us: number) => us >= fromHours * HOUR_US && us < toHours * HOUR_US;
  const outputTokens = requests.outputTokens.map((tokens, at) =>
    isLong(requests.arrivalUs[at]!) ? times * tokens : tokens,
  );
  return { ...requests, outputTokens };
}

/** An engine that refuses what is above a limit that the tuner is not told of, and an objective that lets it go there. */
const REFUSED_ABOVE = 10;
const LOOSE: Scenario = { ...steadySupport(24, 2), objective: { p95Ms: 50_000 } };

function refusingEngine(): TrialLoad['settings'] {
  const { components } = LOOSE.world;
  const writer = { ...(components.writer as InferenceComponentModel), maxConcurrencyPerCopy: REFUSED_ABOVE };
  const world = { ...LOOSE.world, components: { ...components, writer } };
  return steady(LOOSE, 6 * HOUR_US, { world, initialCopies: BUSY });
}

/** A draft by a small model and an answer by a large one, whose copies cost several times as much; both take about as long. */
const UNEVEN: Scenario = (() => {
  const { agent, ...scenario } = steadySupport(48, 2);
  const draft = { id: 'plan', needs: [], component: 'planner', outputTokens: { lognormal: { p50: 700, p95: 1200 } } };
  const answer = { ...agent.nodes.find(({ id }) => id === 'answer')!, needs: ['plan'] };
  return { ...scenario, objective: { p95Ms: 60_000 }, agent: { ...agent, nodes: [draft, answer] } };
})();

/** By name. */
export const LOADS: Readonly<Record<string, TrialLoad>> = {
  support: { title: 'Steady use, as in `support`', settings: shipped(support) },
  review: {
    mostSeeds: FEW_SEEDS,
    title: 'Office hours, as in `review`: two working days, the second scored',
    settings: shipped(TWO_WORKING_DAYS),
    without: [
      'burst guard',
      'forecast floor',
      'budget and hysteresis',
      'canary and rollback',
      'learned fit',
      'split by cost',
      'stretched shares',
      COOLDOWNS,
    ],
  },
  occasional: {
    mostSeeds: FEW_SEEDS,
    title: 'Occasional use, as in `occasional`',
    settings: shipped(occasional),
    // Copies are never as busy as their target lets them be.
    without: ['burst guard', KEPT_COPIES, 'forecast floor', COOLDOWNS],
  },
  step: {
    title: 'A step of the load: three times for four hours',
    settings: steady(steadySupport(24, 0.5, { ...STEP, factor: 3 }), STEP.startHours * HOUR_US),
  },
  high: {
    mostSeeds: FEW_SEEDS,
    title: 'Targets of four times what is right: the first twelve hours',
    settings: wrongTargets(4),
  },
  low: {
    mostSeeds: FEW_SEEDS,
    title: 'Targets of a quarter of what is right: the first twelve hours',
    settings: wrongTargets(0.25),
    without: ['confidence band', 'budget and hysteresis', 'canary and rollback', 'learned fit'],
  },
  reports: {
    title: 'Eight quiet hours of answers that take long, amid busy ones',
    settings: longReports,
    without: ['attribution gate', 'learned fit'],
  },
  uneven: {
    mostSeeds: FEW_SEEDS,
    title: 'A small model and a large one, which take about as long: two days, the second scored',
    settings: steady(UNEVEN, 24 * HOUR_US, { initialCopies: { planner: 4, expert: 0, writer: 6 } }),
    without: ['learned fit', 'split by cost', 'stretched shares'],
  },
  refusals: {
    title: 'An engine that refuses more than ten calls at once, which the tuner is not told',
    settings: refusingEngine(),
    without: ['canary and rollback', 'trust and freeze'],
  },
};
