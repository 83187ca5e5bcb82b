import type { Scenario } from '../../sim/experiment/scenario';
import { G7E_12XLARGE, HIGH_RESOLUTION, importedModel8b, inferenceComponent32b } from '../../sim/world/presets';
import type { InferenceComponentModel } from '../../sim/world/world-model';

const MINUTES = 24;
const HOURS = MINUTES / 60;

/** Sooner than in AWS, so that scale-out, a start from zero and scale-in all happen within the run. */
const TRACKING = { ...HIGH_RESOLUTION, statistic: 'average', inAfterSeconds: 240, scaleInCooldownSeconds: 60 } as const;

/** One copy fills an instance. */
const model32b = (minCopies: number, maxCopies: number): InferenceComponentModel => ({
  ...inferenceComponent32b,
  needs: { accelerators: 2, vcpus: 32, memoryMiB: 131_072 },
  coldStart: {
    stageSeconds: { 'image-pull': 0, 'weights-download': 30, 'container-init': 8, 'engine-init': 20 },
    variation: 0.35,
  },
  scaling: { minCopies, maxCopies, targetConcurrency: 2.5, rule: TRACKING, fromZeroAfterSeconds: 60 },
});

/**
 * Twenty-four minutes in which everything happens that a live run has to show: a load that rises sixfold and falls back,
 * copies that follow on both hostings, and a component at zero copies that wakes.
 *
 * The step is far beyond the target, so that small differences do not decide whether copies are added; one copy could
 * carry it, more slowly, so that they do not pile up; and few requests meet a cold start, so that P95 is one of warm ones.
 */
export const validation: Scenario = {
  name: 'validation',
  description:
    'Imported 8B planner, search of several sources, rare 32B expert from zero copies, 32B writer; 24 minutes',
  objective: { p95Ms: 20_000 },
  trainingDays: HOURS / 48,
  agent: {
    timeoutMs: 330_000,
    nodes: [
      { id: 'plan', needs: [], component: 'planner', outputTokens: { lognormal: { p50: 200, p95: 400 } } },
      {
        id: 'facts',
        needs: ['plan'],
        component: 'search',
        items: {
          quantiles: [
            [0, 1],
            [1, 4],
          ],
        },
        concurrency: 2,
      },
      {
        id: 'expert',
        needs: ['plan'],
        component: 'expert',
        probability: 0.06,
        outputTokens: { lognormal: { p50: 150, p95: 400 } },
      },
      {
        id: 'answer',
        needs: ['facts', 'expert'],
        component: 'writer',
        promptTokens: { request: 'promptTokens', times: 1, plus: 500 },
        outputTokens: { request: 'outputTokens', times: 4 },
      },
    ],
  },
  world: {
    fleets: {
      gpu: {
        instances: [{ ...G7E_12XLARGE, provisionSeconds: 45 }],
        minInstances: 0,
        maxInstances: 12,
        scaleIn: { strategy: 'IDLE_RELEASE', cooldownMinutes: 2, maxStep: 10 },
      },
    },
    components: {
      planner: {
        ...importedModel8b,
        scaling: { ...importedModel8b.scaling, minCopies: 1, targetConcurrency: 0.8, rule: TRACKING },
      },
      expert: model32b(0, 2),
      writer: model32b(1, 5),
      search: { kind: 'tool', durationMs: { lognormal: { p50: 300, p95: 900 } } },
    },
  },
  workload: {
    days: HOURS / 24,
    meanRatePerSecond: 0.1,
    hourFactors: Array.from({ length: 24 }, () => 1),
    spikes: [{ startHours: 5 / 60, durationMinutes: 8, factor: 6 }],
    promptTokens: { lognormal: { p50: 600, p95: 2000 }, max: 6000 },
    outputTokens: { lognormal: { p50: 120, p95: 300 }, max: 400 },
  },
};
