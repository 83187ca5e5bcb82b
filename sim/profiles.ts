import type { ColdStartProfile } from './cold-start';
import type { ComponentBehaviour } from './component';
import type { CopyProfile } from './copy-profile';
import type { ScalingProfile } from './target-tracking';

/**
 * Llama-3.1-8B on one RTX PRO 6000: step times fitted on a vLLM 0.19 log (casys-kaist/LLMServingSim). KV cache: 90 % of
 * 96 GB less 16 GB of weights, at 128 KiB a token.
 */
const LLAMA_8B: CopyProfile = {
  stepSeconds: { base: 0.0126, perPromptToken: 4.06e-5, perSequence: 6.3e-5, perContextToken: 5.43e-8 },
  maxSequences: 128,
  maxStepTokens: 2048,
  kvCacheTokens: 530_000,
};

/** Qwen3-32B on two RTX PRO 6000, tensor parallel, from the same source. KV cache: 107 GB at 256 KiB a token. */
const QWEN_32B: CopyProfile = {
  stepSeconds: { base: 0.0211, perPromptToken: 1.64e-4, perSequence: 9.32e-5, perContextToken: 1.95e-7 },
  maxSequences: 128,
  maxStepTokens: 2048,
  kvCacheTokens: 410_000,
};

/**
 * Qwen3-8B on ml.g6.2xlarge takes 258 s with the image cached and 525 s without (AWS launch post of container caching,
 * June 2026): 77 s of weights and 181 to 192 s around them, of which 105 s are the instance (AWS launch post of scale to
 * zero). How the rest divides between container and engine is assumed. The image takes 333 s beside the weights, so
 * 256 s alone. Spread: assumed, near the 0.42 of base-model loads in a production trace (Alibaba, 2026).
 */
const COLD_START_8B: ColdStartProfile = {
  stageSeconds: {
    provision: 105,
    'image-pull': 256,
    'weights-download': 77,
    'container-init': 16,
    'engine-init': 62,
  },
  variation: 0.35,
  imageCached: true,
};

/** Weights chosen so that 0 to 1 takes 5.7 min, between the 5.03 of an 8B and the 6 of a 70B model (same post). */
const COLD_START_32B: ColdStartProfile = {
  ...COLD_START_8B,
  stageSeconds: { ...COLD_START_8B.stageSeconds, 'weights-download': 100 },
};

/**
 * Target 5: the example of the SageMaker guide. Scale-out detection 30 to 40 s and scale-in after 15 min: its
 * high-resolution metrics. From zero: the alarm on `NoCapacityInvocationFailures`, 1 of 1 periods of 60 s.
 */
const INFERENCE_COMPONENT_SCALING: ScalingProfile = {
  minCopies: 0,
  maxCopies: 4,
  targetConcurrency: 5,
  outAfterSeconds: 40,
  inAfterSeconds: 900,
  fromZeroAfterSeconds: 60,
};

/** Scale to zero of Llama-3-8B: instances are gone 10 min after the copies (AWS launch post of scale to zero). */
const INFERENCE_COMPONENT = { scaling: INFERENCE_COMPONENT_SCALING, instanceRetentionSeconds: 600 };

/**
 * Bedrock chooses 0 to 3 copies, starts one on the call itself and releases it after 5 idle minutes (Bedrock user guide);
 * weights are evicted after "typically one hour" (re:Post). Neither target nor concurrency of a copy is published: assumed.
 */
const IMPORTED_MODEL = {
  scaling: {
    minCopies: 0,
    maxCopies: 3,
    targetConcurrency: 8,
    outAfterSeconds: 40,
    inAfterSeconds: 300,
    fromZeroAfterSeconds: 0,
  },
  instanceRetentionSeconds: 3600,
  maxConcurrencyPerCopy: 32,
};

/** "Tens of seconds" up to a minute (Bedrock user guide); a 7B model was not ready after 68 s (third party, 2026). */
const IMPORTED_8B: ColdStartProfile = {
  stageSeconds: { provision: 0, 'image-pull': 0, 'weights-download': 40, 'container-init': 5, 'engine-init': 25 },
  variation: 0.35,
  imageCached: true,
};

/** About 2 min for a 26B model (Salesforce). */
const IMPORTED_32B: ColdStartProfile = {
  ...IMPORTED_8B,
  stageSeconds: { ...IMPORTED_8B.stageSeconds, 'weights-download': 90 },
};

/** An 8B model as an inference component, one copy to a 1-GPU instance. */
export const inferenceComponent8b: ComponentBehaviour = {
  copy: LLAMA_8B,
  coldStart: COLD_START_8B,
  ...INFERENCE_COMPONENT,
};

/** A 32B model as an inference component. */
export const inferenceComponent32b: ComponentBehaviour = {
  copy: QWEN_32B,
  coldStart: COLD_START_32B,
  ...INFERENCE_COMPONENT,
};

/** An 8B model imported into Bedrock. */
export const importedModel8b: ComponentBehaviour = { copy: LLAMA_8B, coldStart: IMPORTED_8B, ...IMPORTED_MODEL };

/** A 32B model imported into Bedrock. */
export const importedModel32b: ComponentBehaviour = { copy: QWEN_32B, coldStart: IMPORTED_32B, ...IMPORTED_MODEL };
