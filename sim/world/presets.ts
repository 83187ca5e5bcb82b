import type { ScalingModel } from '../control/scaling-model';
import type { TargetTrackingModel } from '../control/target-tracking';
import type { FleetModel, InstanceModel } from '../hosting/fleet-model';
import { llama8bOnRtxPro6000, qwen32bOn2RtxPro6000 } from '../profiles/library';
import type { ColdStartProfile } from '../serving/cold-start';
import type { ImportedModelModel, InferenceComponentModel } from './world-model';

const { copy: LLAMA_8B } = llama8bOnRtxPro6000;
const { copy: QWEN_32B } = qwen32bOn2RtxPro6000;

/**
 * One L4: 24 GiB, 8 vCPU, 32 GiB (https://aws.amazon.com/ec2/instance-types/g6/). Price: us-east-1, on demand, real-time
 * hosting (https://aws.amazon.com/sagemaker/ai/pricing/), November 2026; check it for your Region. 105 s until it is up
 * (AWS launch post of scale to zero). New instances come with the image (container caching, June 2026).
 */
export const G6_2XLARGE: InstanceModel = {
  type: 'ml.g6.2xlarge',
  accelerators: 1,
  vcpus: 8,
  memoryMiB: 32_768,
  pricePerHourUsd: 1.222,
  provisionSeconds: 105,
  provisionVariation: 0.35,
  imageCached: true,
};

/**
 * Two RTX PRO 6000 Blackwell with 96 GB each, 48 vCPU, 512 GiB (https://aws.amazon.com/ec2/instance-types/g7e/): the GPU that
 * the profiles of the 8B and the 32B model were measured on. Price: us-west-2, on demand, real-time hosting, November 2026.
 */
export const G7E_12XLARGE: InstanceModel = {
  ...G6_2XLARGE,
  type: 'ml.g7e.12xlarge',
  accelerators: 2,
  vcpus: 48,
  memoryMiB: 524_288,
  pricePerHourUsd: 10.3576,
};

/** Instances with one accelerator each. Those of Llama-3-8B were gone 10 min after its copies (same post). */
export const singleGpuFleet: FleetModel = {
  instances: [G6_2XLARGE],
  minInstances: 0,
  maxInstances: 100,
  scaleIn: { strategy: 'IDLE_RELEASE', cooldownMinutes: 10, maxStep: 100 },
};

/**
 * Qwen3-8B on ml.g6.2xlarge takes 258 s with the image cached and 525 s without (AWS launch post of container caching,
 * June 2026): 77 s of weights and 181 to 192 s around them, of which 105 s are the instance. How the rest divides between
 * container and engine is assumed. The image takes 333 s beside the weights, so 256 s alone. Spread: assumed, near the
 * 0.42 of base-model loads in a production trace (Alibaba, 2026).
 */
const COLD_START_8B: ColdStartProfile = {
  stageSeconds: { 'image-pull': 256, 'weights-download': 77, 'container-init': 16, 'engine-init': 62 },
  variation: 0.35,
};

/** Weights chosen so that 0 to 1 takes 5.7 min, between the 5.03 of an 8B and the 6 of a 70B model (same post). */
const COLD_START_32B: ColdStartProfile = {
  ...COLD_START_8B,
  stageSeconds: { ...COLD_START_8B.stageSeconds, 'weights-download': 100 },
};

/** High-resolution concurrency: scale-out is detected after 30 to 40 s, the lag included, and scale-in after 15 min. */
export const HIGH_RESOLUTION: TargetTrackingModel = {
  kind: 'target-tracking',
  periodSeconds: 10,
  publicationLagSeconds: 10,
  statistic: 'peak',
  outAfterSeconds: 30,
  inAfterSeconds: 900,
  scaleInCooldownSeconds: 300,
};

/** Target 5: the example of the SageMaker guide. From zero: the alarm on `NoCapacityInvocationFailures`, 1 of 1 periods of 60 s. */
const INFERENCE_COMPONENT_SCALING: ScalingModel = {
  minCopies: 0,
  maxCopies: 4,
  targetConcurrency: 5,
  rule: HIGH_RESOLUTION,
  fromZeroAfterSeconds: 60,
};

/** Fills an instance with one accelerator. */
const ONE_GPU = { accelerators: 1, vcpus: 4, memoryMiB: 24_576 };

/** InvokeEndpoint waits so long for a container (Amazon SageMaker AI API Reference). */
const ANSWER_LIMIT_SECONDS = 60;

const INFERENCE_COMPONENT = {
  kind: 'inference-component',
  answerLimitSeconds: ANSWER_LIMIT_SECONDS,
  fleet: 'gpu',
  needs: ONE_GPU,
  scaling: INFERENCE_COMPONENT_SCALING,
} as const;

/**
 * Bedrock chooses 0 to 3 copies, starts one on the call itself and releases it after 5 idle minutes (Bedrock user guide);
 * weights are evicted after "typically one hour" (re:Post). Neither target nor concurrency of a copy is published: assumed.
 * Units: 2 for an 8B model, at $0.05718 a minute and unit in us-east-1 (https://aws.amazon.com/bedrock/pricing/, July 2026).
 */
const IMPORTED_MODEL = {
  kind: 'imported-model',
  scaling: {
    minCopies: 0,
    maxCopies: 3,
    targetConcurrency: 8,
    rule: { ...HIGH_RESOLUTION, inAfterSeconds: 290, scaleInCooldownSeconds: 0 },
    fromZeroAfterSeconds: 0,
  },
  hosting: { unitsPerCopy: 2, pricePerUnitMinuteUsd: 0.05718, evictAfterSeconds: 3600 },
  maxConcurrencyPerCopy: 32,
} as const;

/** "Tens of seconds" up to a minute (Bedrock user guide); a 7B model was not ready after 68 s (third party, 2026). */
const IMPORTED_8B: ColdStartProfile = {
  stageSeconds: { 'image-pull': 0, 'weights-download': 40, 'container-init': 5, 'engine-init': 25 },
  variation: 0.35,
};

/** About 2 min for a 26B model (Salesforce). */
const IMPORTED_32B: ColdStartProfile = {
  ...IMPORTED_8B,
  stageSeconds: { ...IMPORTED_8B.stageSeconds, 'weights-download': 90 },
};

/** An 8B model as an inference component, one copy to a 1-GPU instance. */
export const inferenceComponent8b: InferenceComponentModel = {
  ...INFERENCE_COMPONENT,
  copy: LLAMA_8B,
  coldStart: COLD_START_8B,
};

/** A 32B model as an inference component. */
export const inferenceComponent32b: InferenceComponentModel = {
  ...INFERENCE_COMPONENT,
  copy: QWEN_32B,
  coldStart: COLD_START_32B,
};

/** An 8B model imported into Bedrock. */
export const importedModel8b: ImportedModelModel = { ...IMPORTED_MODEL, copy: LLAMA_8B, coldStart: IMPORTED_8B };

/** A 32B model imported into Bedrock. */
export const importedModel32b: ImportedModelModel = { ...IMPORTED_MODEL, copy: QWEN_32B, coldStart: IMPORTED_32B };
