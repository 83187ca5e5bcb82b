import type { Scenario } from '../../../sim/experiment/scenario';
import { G7E_12XLARGE, inferenceComponent8b, inferenceComponent32b } from '../../../sim/world/presets';

/** Two hours and a half of a few hundred requests: a planner, a search, a writer. The second half is scored. */
export const tiny: Scenario = {
  name: 'tiny',
  description: 'A planner, a search of two sources and a writer',
  objective: { p95Ms: 13_500 },
  trainingDays: 0.05,
  agent: {
    timeoutMs: 600_000,
    nodes: [
      { id: 'plan', needs: [], component: 'planner', promptTokens: 400, outputTokens: 60 },
      { id: 'facts', needs: ['plan'], component: 'search', items: 2 },
      {
        id: 'answer',
        needs: ['facts'],
        component: 'writer',
        promptTokens: { request: 'promptTokens', plus: 500 },
      },
    ],
  },
  world: {
    fleets: {
      gpu: {
        instances: [G7E_12XLARGE],
        minInstances: 0,
        maxInstances: 16,
        scaleIn: { strategy: 'IDLE_RELEASE', cooldownMinutes: 5, maxStep: 10 },
      },
    },
    components: {
      planner: {
        ...inferenceComponent8b,
        needs: { accelerators: 1, vcpus: 16, memoryMiB: 65_536 },
        scaling: { ...inferenceComponent8b.scaling, maxCopies: 16 },
      },
      writer: {
        ...inferenceComponent32b,
        // Full with a few requests, so that fleets of a few copies differ.
        copy: { ...inferenceComponent32b.copy, maxSequences: 4 },
        needs: { accelerators: 2, vcpus: 32, memoryMiB: 131_072 },
        scaling: { ...inferenceComponent32b.scaling, maxCopies: 16, targetConcurrency: 2 },
      },
      search: { kind: 'tool', durationMs: 150, pricePerCallUsd: 1e-6 },
    },
  },
  workload: {
    days: 0.1,
    meanRatePerSecond: 0.1,
    hourFactors: Array<number>(24).fill(1),
    clients: [{ cv: 2 }],
    spikes: [
      { startHours: 0.4, durationMinutes: 15, factor: 5 },
      { startHours: 1.6, durationMinutes: 15, factor: 5 },
    ],
    promptTokens: { lognormal: { p50: 800, p95: 2000 }, max: 6000 },
    outputTokens: { lognormal: { p50: 250, p95: 500 }, max: 1000 },
  },
};
