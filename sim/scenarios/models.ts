import type { FleetModel } from '../hosting/fleet-model';
import { G7E_12XLARGE, HIGH_RESOLUTION, inferenceComponent8b, inferenceComponent32b } from '../world/presets';
import type { InferenceComponentModel } from '../world/world-model';

/** As it is on average over a period: calls here are long beside one. */
const TRACKING = { ...HIGH_RESOLUTION, statistic: 'average' } as const;

const SCALING = { maxCopies: 24, targetConcurrency: 8, rule: TRACKING };

/** An 8B model; two copies fit an instance. */
export function model8b(minCopies: number): InferenceComponentModel {
  const needs = { accelerators: 1, vcpus: 16, memoryMiB: 65_536 };
  return { ...inferenceComponent8b, needs, scaling: { ...inferenceComponent8b.scaling, ...SCALING, minCopies } };
}

/** A 32B model on both accelerators of an instance. */
export function model32b(minCopies: number): InferenceComponentModel {
  const needs = { accelerators: 2, vcpus: 32, memoryMiB: 131_072 };
  return { ...inferenceComponent32b, needs, scaling: { ...inferenceComponent32b.scaling, ...SCALING, minCopies } };
}

/** Of the GPUs that both profiles were measured on; empty instances go after the shortest cooldown that SageMaker takes. */
export const GPU_FLEET: FleetModel = {
  instances: [G7E_12XLARGE],
  minInstances: 0,
  maxInstances: 48,
  scaleIn: { strategy: 'IDLE_RELEASE', cooldownMinutes: 5, maxStep: 10 },
};
