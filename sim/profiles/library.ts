import type { LatencyErrors, ReplayErrors } from './latency-errors';
import type { MeasuredProfile, Provenance } from './profile-file';

const SHARE_GPT_LOGS = 'vLLM 0.19.0 logs of 300 ShareGPT requests, casys-kaist/LLMServingSim (5daddb2)';
const VLLM_LIMITS = { maxSequences: 128, maxStepTokens: 2048 };
const FIRST_HALF = 'the 150 requests that arrived first';
const OVERLOADED =
  'the batch stood near 128 sequences for most of the log, so base, perSequence and perContextToken are confounded';
const CACHE_UNTESTED = 'the KV cache was never full: its size is computed, and how copies wait for it is untested';

type Figures = readonly [mape: number, p50: number, p95: number, p99: number];

/** Of one half of a log; test/sim/profiles/library.test.ts measures them again. */
function errors(endToEnd: Figures, firstToken: Figures): ReplayErrors {
  const named = ([mape, p50, p95, p99]: Figures): LatencyErrors => ({ mape, p50, p95, p99 });
  return { requests: 150, endToEnd: named(endToEnd), firstToken: named(firstToken) };
}

/** Llama-3.1-8B on one RTX PRO 6000. KV cache: 90 % of 96 GB less 16 GB of weights, at 128 KiB a token. */
export const llama8bOnRtxPro6000: MeasuredProfile = {
  schemaVersion: 1,
  name: 'llama-3.1-8b-rtx-pro-6000',
  copy: {
    stepSeconds: { base: 0.0126, perPromptToken: 4.06e-5, perSequence: 6.3e-5, perContextToken: 5.43e-8 },
    ...VLLM_LIMITS,
    kvCacheTokens: 530_000,
  },
  measuredOn: { accelerator: 'RTX PRO 6000', accelerators: 1 },
  provenance: {
    source: `${SHARE_GPT_LOGS}: Llama-3.1-8B, one RTX PRO 6000`,
    fittedOn: FIRST_HALF,
    training: errors([0.0037, -0.002, -0.0001, -0.0066], [0.1341, 0.0129, 0.0098, 0.0099]),
    heldBack: errors([0.0104, -0.0183, -0.0059, -0.0065], [0.005, 0.0007, -0.0082, -0.0123]),
    warnings: [OVERLOADED, CACHE_UNTESTED],
  },
};

/** Qwen3-32B on two RTX PRO 6000, tensor parallel. KV cache: 107 GB at 256 KiB a token. */
export const qwen32bOn2RtxPro6000: MeasuredProfile = {
  schemaVersion: 1,
  name: 'qwen3-32b-2x-rtx-pro-6000',
  copy: {
    stepSeconds: { base: 0.0211, perPromptToken: 1.64e-4, perSequence: 9.32e-5, perContextToken: 1.95e-7 },
    ...VLLM_LIMITS,
    kvCacheTokens: 410_000,
  },
  measuredOn: { accelerator: 'RTX PRO 6000', accelerators: 2 },
  provenance: {
    source: `${SHARE_GPT_LOGS}: Qwen3-32B, two RTX PRO 6000, tensor parallel`,
    fittedOn: FIRST_HALF,
    training: errors([0.005, 0.0036, -0.0002, -0.0016], [0.039, -0.0136, 0.0121, 0.016]),
    heldBack: errors([0.0069, -0.003, -0.0197, -0.0192], [0.0035, -0.0028, -0.0023, -0.0014]),
    warnings: [OVERLOADED, CACHE_UNTESTED],
  },
};

/**
 * Measured step times: 19 cells of prompt, batch and output, batch up to 64 at a prompt of 512 and prompts up to 8192 at
 * a batch of 1. Decoding is fitted as `base + perSequence*batch + perContextToken*batch*(prompt + output/2)`, prompts up
 * to 16384 tokens in a batch beside that same base, both by least squares of relative errors.
 */
const splitwise = (hardware: string, decodeMape: string, promptMape: string, longPrompts: string): Provenance => ({
  source: `Splitwise, ISCA 2024, measured times of Mutinifni/splitwise-sim (8f99e7d): Llama2-70B, ${hardware}`,
  fittedOn: `mean times of 19 cells of prompt, batch and output; decode missed by ${decodeMape}, prompts ${promptMape}`,
  warnings: [
    'long contexts were measured at a batch of 1 only: a large batch with long contexts is extrapolated',
    `prompts of 512 to 2048 tokens come out up to 20 % too slow, those from 4096 on up to ${longPrompts} too fast`,
    'maxSequences is the largest batch measured, maxStepTokens a default of vLLM, and kvCacheTokens is computed',
  ],
});

/** KV cache: 90 % of 640 GB less 138 GB of weights, at 320 KiB a token (80 layers, 8 heads of 128). */
const LLAMA_70B_LIMITS = { maxSequences: 64, maxStepTokens: 2048, kvCacheTokens: 1_330_000 };

/** Llama2-70B on eight H100, tensor parallel. */
export const llama70bOn8H100: MeasuredProfile = {
  schemaVersion: 1,
  name: 'llama-2-70b-8x-h100',
  copy: {
    stepSeconds: { base: 0.02988, perPromptToken: 6.15e-5, perSequence: 2.09e-4, perContextToken: 1.62e-7 },
    ...LLAMA_70B_LIMITS,
  },
  measuredOn: { accelerator: 'H100-80GB', accelerators: 8 },
  provenance: splitwise('eight H100-80GB, tensor parallel', '1.8 %', '19 %', '37 %'),
};

/** Llama2-70B on eight A100, tensor parallel. */
export const llama70bOn8A100: MeasuredProfile = {
  schemaVersion: 1,
  name: 'llama-2-70b-8x-a100',
  copy: {
    stepSeconds: { base: 0.04409, perPromptToken: 1.24e-4, perSequence: 1.94e-4, perContextToken: 3.24e-7 },
    ...LLAMA_70B_LIMITS,
  },
  measuredOn: { accelerator: 'A100-80GB', accelerators: 8 },
  provenance: splitwise('eight A100-80GB, tensor parallel', '1.7 %', '18 %', '49 %'),
};

/** Profiles of cited sources, to start from until one's own copy is measured. */
export const PROFILE_LIBRARY: readonly MeasuredProfile[] = [
  llama8bOnRtxPro6000,
  qwen32bOn2RtxPro6000,
  llama70bOn8H100,
  llama70bOn8A100,
];
