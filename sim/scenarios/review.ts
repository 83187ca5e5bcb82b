import type { Scenario } from '../experiment/scenario';
import type { Distribution } from '../workload/distribution';
import { GPU_FLEET, model8b, model32b } from './models';

/** Specialists by the share of the changes that they are asked about. */
const SPECIALISTS = { security: 0.1, performance: 0.05, database: 0.02, licensing: 0.01 };

const CHANGE: Distribution = { lognormal: { p50: 4000, p95: 12_000 }, max: 30_000 };
const OPINION: Distribution = { lognormal: { p50: 300, p95: 800 }, max: 1400 };

/**
 * A code-review agent in office hours: every file of a change is read on its own, and few changes need a specialist.
 *
 * Load: an office day and week, assumed; nights have a fiftieth of the busiest hour and weekends a tenth of a working
 * day. Clients with inter-arrival CV 1.2 and 4 (ServeGen, arXiv 2505.09999: median 1.2, P95 9.2). Files of a change:
 * assumed, 4 at the median and 20 at P95. Tokens of prompts: the Azure LLM conversation trace of 2023 (Splitwise, ISCA
 * 2024); of files and answers assumed, none longer than SageMaker waits for.
 */
export const review: Scenario = {
  name: 'review',
  description:
    'A code-review agent in office hours: 8B triage, 8B reviewer of 1 to 40 files at once, four 32B specialists on 1 to 10 % of the changes, 32B writer; all may scale to zero. Two weeks, the second scored.',
  objective: { p95Ms: 60_000 },
  trainingDays: 7,
  agent: {
    timeoutMs: 900_000,
    nodes: [
      {
        id: 'triage',
        needs: [],
        component: 'triage',
        outputTokens: { lognormal: { p50: 80, p95: 200 }, max: 600 },
      },
      {
        id: 'files',
        needs: ['triage'],
        component: 'reviewer',
        items: { lognormal: { p50: 4, p95: 20 }, max: 40 },
        promptTokens: { lognormal: { p50: 1500, p95: 6000 }, max: 20_000 },
        outputTokens: { lognormal: { p50: 200, p95: 500 }, max: 1400 },
      },
      ...Object.entries(SPECIALISTS).map(([id, probability]) => ({
        id,
        needs: ['triage'],
        component: id,
        probability,
        promptTokens: CHANGE,
        outputTokens: OPINION,
      })),
      {
        id: 'summary',
        needs: ['files', ...Object.keys(SPECIALISTS)],
        component: 'writer',
        promptTokens: { request: 'promptTokens', times: 1, plus: 2000 },
        outputTokens: { lognormal: { p50: 350, p95: 800 }, max: 1400 },
      },
    ],
  },
  world: {
    fleets: { gpu: GPU_FLEET },
    components: {
      triage: model8b(0),
      reviewer: model8b(0),
      writer: model32b(0),
      ...Object.fromEntries(Object.keys(SPECIALISTS).map((name) => [name, model32b(0)])),
    },
  },
  workload: {
    days: 14,
    meanRatePerSecond: 0.3,
    hourFactors: [
      0.05, 0.05, 0.05, 0.05, 0.05, 0.1, 0.2, 0.6, 1.6, 2.6, 2.9, 2.8, 2.2, 2.4, 2.8, 2.9, 2.6, 1.8, 0.9, 0.4, 0.2, 0.1,
      0.1, 0.05,
    ],
    dayFactors: [1, 1, 1, 1, 1, 0.1, 0.1],
    clients: [
      { share: 2, cv: 1.2 },
      { share: 1, cv: 4 },
    ],
    promptTokens: { lognormal: { p50: 1020, p95: 4083 }, max: 14_050 },
    outputTokens: { lognormal: { p50: 129, p95: 451 }, max: 1000 },
  },
};
