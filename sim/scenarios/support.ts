import type { Scenario } from '../experiment/scenario';
import type { InstanceModel } from '../hosting/fleet-model';
import { G7E_12XLARGE, HIGH_RESOLUTION, inferenceComponent8b, inferenceComponent32b } from '../world/presets';
import type { InferenceComponentModel } from '../world/world-model';

/** Fits two copies of the 8B model, or one of the 32B model, which needs both accelerators. */
const INSTANCE: InstanceModel = G7E_12XLARGE;

const TRACKING = { ...HIGH_RESOLUTION, statistic: 'average' } as const;

const small = (minCopies: number): InferenceComponentModel => ({
  ...inferenceComponent8b,
  needs: { accelerators: 1, vcpus: 16, memoryMiB: 65_536 },
  scaling: { ...inferenceComponent8b.scaling, minCopies, maxCopies: 16, targetConcurrency: 8, rule: TRACKING },
});

const large = (minCopies: number): InferenceComponentModel => ({
  ...inferenceComponent32b,
  needs: { accelerators: 2, vcpus: 32, memoryMiB: 131_072 },
  scaling: { ...inferenceComponent32b.scaling, minCopies, maxCopies: 16, targetConcurrency: 8, rule: TRACKING },
});

/**
 * A support agent: an 8B planner, a search of several sources, now and then a 32B expert that scales to zero, and a 32B
 * writer, two days of it.
 *
 * Load: a daily sine with P5/mean 0.5, bursts of ten minutes to half an hour at about twice the rate, so that the peak of
 * ten minutes is about three times the mean as in production (ServeGen, arXiv 2505.09999: P5/mean 0.43 and 0.55,
 * peak/mean 3.0 and 3.2), and clients with inter-arrival CV 1.2 and 4 (ServeGen: median 1.2, P95 9.2). Tokens: Azure LLM
 * conversation trace of 2023 (median 1020 and 129, P95 4083 and 451), the writer's answers about three times as long.
 */
export const support: Scenario = {
  name: 'support',
  description:
    'Support agent: 8B planner, search, 32B expert on one in ten requests, 32B writer; two days, second scored',
  objective: { p95Ms: 40_000 },
  trainingDays: 1,
  agent: {
    timeoutMs: 900_000,
    nodes: [
      { id: 'plan', needs: [], component: 'planner', outputTokens: { lognormal: { p50: 80, p95: 200 } } },
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
        outputTokens: { lognormal: { p50: 150, p95: 400 } },
      },
      {
        id: 'answer',
        needs: ['facts', 'expert'],
        component: 'writer',
        promptTokens: { request: 'promptTokens', times: 1, plus: 1500 },
        outputTokens: { request: 'outputTokens', times: 3 },
      },
    ],
  },
  world: {
    fleets: {
      gpu: {
        instances: [INSTANCE],
        minInstances: 0,
        maxInstances: 32,
        scaleIn: { strategy: 'IDLE_RELEASE', cooldownMinutes: 5, maxStep: 10 },
      },
    },
    components: {
      planner: small(1),
      expert: large(0),
      writer: large(1),
      search: { kind: 'tool', durationMs: { lognormal: { p50: 120, p95: 400 } }, pricePerCallUsd: 2e-6 },
    },
  },
  workload: {
    days: 2,
    meanRatePerSecond: 0.6,
    clients: [
      { share: 3, cv: 1.2 },
      { share: 1, cv: 4 },
    ],
    spikes: [
      { startHours: 10, durationMinutes: 30, factor: 2.2 },
      { startHours: 15, durationMinutes: 20, factor: 1.8 },
      { startHours: 33.5, durationMinutes: 30, factor: 2.2 },
      { startHours: 40, durationMinutes: 20, factor: 1.8 },
    ],
    promptTokens: { lognormal: { p50: 1020, p95: 4083 }, max: 14_050 },
    outputTokens: { lognormal: { p50: 129, p95: 451 }, max: 1000 },
  },
};
