import type { CopyProfile, Work } from '../serving/copy-profile';

/** One copy that always serves this many requests at once, a new one for each that ends. */
export interface CapacityPoint {
  readonly concurrency: number;
  readonly throughputRps: number;
  /** Mean, end to end. */
  readonly latencyMs: number;
}

export interface Capacity {
  /** One for each concurrency from 1 to the most that the batch takes. */
  readonly points: readonly CapacityPoint[];
  /** Requests per second of a full batch: a copy that is asked for more only queues. */
  readonly maxRateRps: number;
  /** Where another request in the batch brings less than a tenth of the throughput that the first one brought. */
  readonly kneeConcurrency: number;
}

const KNEE_SHARE = 0.1;

/**
 * What one copy can do with requests of these mean tokens, in the steady state of its fluid batch.
 *
 * With `y` requests done per step, a step decodes `y * (output - 1)` tokens and takes in `y * prompt`, and by Little's
 * law `y` is the concurrency over the steps that a request lives through: one per token after the first, and those of
 * its prompt. Throughput is `y` over the time of such a step.
 *
 * @throws RangeError for less than one token
 */
export function capacityOf(profile: CopyProfile, work: Work): Capacity {
  const { promptTokens, outputTokens } = work;
  if (!(promptTokens >= 1 && outputTokens >= 1)) {
    throw new RangeError(`work must have at least 1 prompt and 1 output token, got: ${JSON.stringify(work)}`);
  }
  const { base, perPromptToken, perSequence, perContextToken } = profile.stepSeconds;
  const meanContext = promptTokens + outputTokens / 2;
  const secondsPerRequest =
    perPromptToken * promptTokens + (outputTokens - 1) * (perSequence + perContextToken * meanContext);

  const most = Math.max(1, Math.min(profile.maxSequences, Math.floor(profile.kvCacheTokens / meanContext)));
  const points = Array.from({ length: most }, (_, i): CapacityPoint => {
    const concurrency = i + 1;
    const donePerStep = requestsPerStep(concurrency, work, profile.maxStepTokens);
    const throughputRps = donePerStep / (base + donePerStep * secondsPerRequest);
    return { concurrency, throughputRps, latencyMs: (concurrency / throughputRps) * 1000 };
  });
  return { points, maxRateRps: points.at(-1)!.throughputRps, kneeConcurrency: kneeOf(points) };
}

/** The most requests at once whose mean latency stays within this; 0 if not even one alone does. */
export function concurrencyWithin({ points }: Capacity, latencyMs: number): number {
  return points.findLast((point) => point.latencyMs <= latencyMs)?.concurrency ?? 0;
}

/**
 * Solves `concurrency = y * (output - 1 + s)` for y, where a prompt takes `s` steps: one, or as many as it needs beside
 * the decoding sequences, `prompt / (budget - y * (output - 1))`. No more than the budget of tokens goes through a step.
 */
function requestsPerStep(concurrency: number, { promptTokens, outputTokens }: Work, budget: number): number {
  const decodeSteps = outputTokens - 1;
  const most = budget / (promptTokens + decodeSteps);
  const inOneStep = concurrency / outputTokens;
  if (promptTokens <= budget - inOneStep * decodeSteps) return Math.min(inOneStep, most);
  if (decodeSteps === 0) return Math.min((concurrency * budget) / promptTokens, most);
  // Steps of decoding are u = y * decodeSteps: u * (budget - u) + u * prompt / decodeSteps = concurrency * (budget - u).
  const half = (budget + promptTokens / decodeSteps + concurrency) / 2;
  const decoding = (concurrency * budget) / (half + Math.sqrt(half ** 2 - concurrency * budget));
  return Math.min(decoding / decodeSteps, most);
}

function kneeOf(points: readonly CapacityPoint[]): number {
  const first = points[0]!.throughputRps;
  const gain = (i: number) => points[i]!.throughputRps - (points[i - 1]?.throughputRps ?? 0);
  const past = points.findIndex((_, i) => gain(i) < KNEE_SHARE * first);
  return past < 0 ? points.length : past;
}
