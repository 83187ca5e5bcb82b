import type { Scenario } from '../experiment/scenario';
import { GPU_FLEET, model8b, model32b } from './models';

/** Three regions at work one after another, by the hour of day at which each begins, in UTC. */
const REGIONS = { asia: 0, europe: 7, america: 14 };

/** An office day, from its first hour on; nights have a fiftieth of the busiest hour. */
const OFFICE_DAY = [
  1.6, 2.6, 2.9, 2.8, 2.2, 2.4, 2.8, 2.9, 2.6, 1.8, 0.9, 0.4, 0.2, 0.1, 0.1, 0.05, 0.05, 0.05, 0.05, 0.05, 0.05, 0.1,
  0.2, 0.6,
];

/**
 * An agent that answers from what each of three regions knows: a question is cut into parts, and each part goes to the
 * model that was tuned for that region. The regions work one after another, so each of these models is idle for most
 * of the day, while the planner and the writer serve all.
 *
 * Load: office days, assumed, seven hours apart; weekends a tenth. Clients with inter-arrival CV 1.2 and 4
 * (ServeGen, arXiv 2505.09999: median 1.2, P95 9.2). Parts of a question: assumed, 4 at the median and 12 at P95. Tokens of prompts: the
 * Azure LLM conversation trace of 2023 (Splitwise, ISCA 2024); of parts and answers assumed, none longer than SageMaker
 * waits for.
 */
export const regions: Scenario = {
  name: 'regions',
  description:
    'An agent for three regions that work one after another: 8B planner, a 32B model for each region that answers up to 24 parts at once, 8B writer; all may scale to zero. Two weeks, the second scored.',
  objective: { p95Ms: 60_000 },
  trainingDays: 7,
  agent: {
    timeoutMs: 900_000,
    nodes: [
      { id: 'plan', needs: [], component: 'planner', outputTokens: { lognormal: { p50: 80, p95: 200 }, max: 600 } },
      ...Object.keys(REGIONS).map((region) => ({
        id: region,
        needs: ['plan'],
        component: region,
        probability: { [region]: 1 },
        items: { lognormal: { p50: 4, p95: 12 }, max: 24 },
        promptTokens: { lognormal: { p50: 1500, p95: 6000 }, max: 20_000 },
        outputTokens: { lognormal: { p50: 200, p95: 500 }, max: 1400 },
      })),
      {
        id: 'answer',
        needs: Object.keys(REGIONS),
        component: 'writer',
        promptTokens: { request: 'promptTokens', times: 1, plus: 2000 },
        outputTokens: { lognormal: { p50: 250, p95: 600 }, max: 1400 },
      },
    ],
  },
  world: {
    fleets: { gpu: GPU_FLEET },
    components: {
      planner: model8b(0),
      writer: model8b(0),
      ...Object.fromEntries(Object.keys(REGIONS).map((region) => [region, model32b(0)])),
    },
  },
  workload: {
    days: 14,
    meanRatePerSecond: 0.3,
    dayFactors: [1, 1, 1, 1, 1, 0.1, 0.1],
    clients: Object.entries(REGIONS).flatMap(([name, firstHour]) => {
      const hourFactors = OFFICE_DAY.map((_, hour) => OFFICE_DAY[(hour - firstHour + 24) % 24]!);
      return [
        { name, share: 2, cv: 1.2, hourFactors },
        { name, share: 1, cv: 4, hourFactors },
      ];
    }),
    promptTokens: { lognormal: { p50: 1020, p95: 4083 }, max: 14_050 },
    outputTokens: { lognormal: { p50: 129, p95: 451 }, max: 1000 },
  },
};
