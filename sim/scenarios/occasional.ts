import type { Scenario } from '../experiment/scenario';
import { GPU_FLEET, model8b, model32b } from './models';

/**
 * An agent that few people use, now and then: everything scales to zero, and a request may meet three cold models one
 * after another. Answers are awaited for minutes, not seconds.
 */
export const occasional: Scenario = {
  name: 'occasional',
  description:
    'An agent in occasional use, ten requests an hour in bursts: 8B planner, 32B expert, 32B writer, all at zero copies when idle. Two weeks, the second scored.',
  objective: { p95Ms: 480_000 },
  trainingDays: 7,
  agent: {
    timeoutMs: 2_400_000,
    nodes: [
      { id: 'plan', needs: [], component: 'planner', outputTokens: { lognormal: { p50: 80, p95: 200 }, max: 600 } },
      {
        id: 'expert',
        needs: ['plan'],
        component: 'expert',
        outputTokens: { lognormal: { p50: 300, p95: 800 }, max: 1400 },
      },
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
        id: 'answer',
        needs: ['expert', 'facts'],
        component: 'writer',
        promptTokens: { request: 'promptTokens', times: 1, plus: 1500 },
        outputTokens: { request: 'outputTokens', times: 2 },
      },
    ],
  },
  world: {
    fleets: { gpu: GPU_FLEET },
    components: {
      planner: model8b(0),
      expert: model32b(0),
      writer: model32b(0),
      search: { kind: 'tool', durationMs: { lognormal: { p50: 120, p95: 400 } }, pricePerCallUsd: 2e-6 },
    },
  },
  workload: {
    days: 14,
    meanRatePerSecond: 10 / 3600,
    dayFactors: [1, 1, 1, 1, 1, 0.2, 0.2],
    clients: [{ cv: 4 }],
    promptTokens: { lognormal: { p50: 1020, p95: 4083 }, max: 14_050 },
    outputTokens: { lognormal: { p50: 129, p95: 451 }, max: 700 },
  },
};
