import type { Scenario } from '../experiment/scenario';
import { GPU_FLEET, model8b, model32b } from './models';

/**
 * A support agent in steady use, three days of it.
 *
 * Load: a daily sine with P5/mean 0.5, and bursts of twenty to thirty minutes at about twice the rate, so that the busiest
 * ten minutes have about three times the mean, as in production (ServeGen, arXiv 2505.09999: P5/mean 0.43 and 0.55,
 * peak/mean 3.0 and 3.2); clients with inter-arrival CV 1.2 and 4 (ServeGen: median 1.2, P95 9.2). Tokens: the Azure LLM
 * conversation trace of 2023 (Splitwise, ISCA 2024: prompts 1020 at the median and 4083 at P95, answers 129 and 451), with
 * written answers twice as long, and none longer than SageMaker waits for.
 */
export const support: Scenario = {
  name: 'support',
  description:
    'A support agent in steady use: 8B planner, search of 1 to 5 sources, 32B expert on one request in ten, 32B writer. Three days, the third scored.',
  objective: { p95Ms: 35_000 },
  trainingDays: 2,
  agent: {
    timeoutMs: 300_000,
    nodes: [
      { id: 'plan', needs: [], component: 'planner', outputTokens: { lognormal: { p50: 80, p95: 200 }, max: 600 } },
      {
        id: 'facts',
        needs: ['plan'],
        component: 'search',
        items: {
          quantiles: [
            [0, 1],
            [1, 5],
          ],
        },
      },
      {
        id: 'expert',
        needs: ['plan'],
        component: 'expert',
        probability: 0.1,
        outputTokens: { lognormal: { p50: 300, p95: 800 }, max: 1400 },
      },
      {
        id: 'answer',
        needs: ['facts', 'expert'],
        component: 'writer',
        promptTokens: { request: 'promptTokens', times: 1, plus: 1500 },
        outputTokens: { request: 'outputTokens', times: 2 },
      },
    ],
  },
  world: {
    fleets: { gpu: GPU_FLEET },
    components: {
      planner: model8b(1),
      expert: model32b(0),
      writer: model32b(1),
      search: { kind: 'tool', durationMs: { lognormal: { p50: 120, p95: 400 } }, pricePerCallUsd: 2e-6 },
    },
  },
  workload: {
    days: 3,
    meanRatePerSecond: 0.3,
    clients: [
      { share: 3, cv: 1.2 },
      { share: 1, cv: 4 },
    ],
    spikes: [
      { startHours: 10, durationMinutes: 30, factor: 2.2 },
      { startHours: 15, durationMinutes: 20, factor: 1.8 },
      { startHours: 33.5, durationMinutes: 30, factor: 2.2 },
      { startHours: 40, durationMinutes: 20, factor: 1.8 },
      { startHours: 58.2, durationMinutes: 30, factor: 2.2 },
      { startHours: 63.6, durationMinutes: 20, factor: 1.8 },
    ],
    promptTokens: { lognormal: { p50: 1020, p95: 4083 }, max: 14_050 },
    outputTokens: { lognormal: { p50: 129, p95: 451 }, max: 700 },
  },
};
