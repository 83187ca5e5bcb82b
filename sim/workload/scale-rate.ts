import { type RandomStream, randomStream } from '../kernel/random';
import { gapVariation } from './describe';
import { MAX_REQUESTS } from './rate-profile';
import { clientsAt, type RequestList } from './request-list';

/**
 * Consecutive requests that are drawn together, so that runs of short gaps stay runs. Always all of them: to end a block
 * early after a long gap would favour short ones.
 */
const BLOCK = 20;

/**
 * A window holds this many requests, times the squared variation of gaps, on average: then its rate is off by less than
 * a fifth by chance. In any case it has a length between these.
 */
const WINDOW_REQUESTS = 30;
const WINDOW_MIN_US = 60e6;
const WINDOW_MAX_US = 600e6;

/**
 * The same workload at `factor` times the rate, with its shape over time, the variation of its gaps and its tokens.
 * Leaving out requests at random would not do: that turns any burst into Poisson.
 *
 * The rate of each window (1 to 10 minutes) warps time into operational time, in which the mean gap is 1. New gaps are
 * those of blocks of consecutive requests of the same window, with the tokens of these requests, and are mapped back
 * through `factor` times the rate: a moving block bootstrap of a time-changed renewal process.
 *
 * @throws RangeError if the factor is not above 0, or leaves no request or more than `MAX_REQUESTS`.
 */
export function scaleRate(requests: RequestList, factor: number, seed: number): RequestList {
  if (!(factor > 0 && factor < Infinity)) throw new RangeError(`factor must be a number above 0, got: ${factor}`);
  if (factor * requests.count > MAX_REQUESTS) {
    throw new RangeError(`factor ${factor} makes more than ${MAX_REQUESTS} of ${requests.count} requests: lower it`);
  }
  if (factor === 1) return requests;

  const { arrivalsUs, sources } = resample(warp(requests), factor, randomStream(seed, 'workload', 'scaled rate'));
  if (sources.length === 0) {
    throw new RangeError(`factor ${factor} leaves none of ${requests.count} requests: raise it`);
  }
  const { promptTokens, outputTokens, durationUs } = requests;
  return {
    count: sources.length,
    arrivalUs: new Float64Array(arrivalsUs),
    promptTokens: Uint32Array.from(sources, (source) => promptTokens[source]!),
    outputTokens: Uint32Array.from(sources, (source) => outputTokens[source]!),
    ...clientsAt(requests, (positions) => Uint8Array.from(sources, (source) => positions[source]!)),
    durationUs,
  };
}

/** A workload in operational time, in which one request is due per unit. */
interface WarpedRequests {
  readonly windowUs: number;
  /** The number of the first request of each window, and at the end that of all requests. */
  readonly firstOf: Float64Array;
  /** Of each request: operational time since the one before it in its window; the last one comes before the first. */
  readonly gaps: Float64Array;
}

function warp({ count, arrivalUs, durationUs }: RequestList): WarpedRequests {
  const aimedRequests = WINDOW_REQUESTS * (gapVariation(arrivalUs) ?? 1) ** 2;
  const aimedUs = Math.min(Math.max((aimedRequests * durationUs) / count, WINDOW_MIN_US), WINDOW_MAX_US);
  const windows = Math.max(1, Math.round(durationUs / aimedUs));
  const windowUs = durationUs / windows;

  const windowOf = (us: number) => Math.min(windows - 1, Math.floor(us / windowUs));
  const firstOf = new Float64Array(windows + 1);
  for (const us of arrivalUs) firstOf[windowOf(us) + 1]! += 1;
  for (let window = 0; window < windows; window++) firstOf[window + 1]! += firstOf[window]!;

  const gaps = arrivalUs.map((us, i) => {
    const [first, end] = [firstOf[windowOf(us)]!, firstOf[windowOf(us) + 1]!];
    const gapUs = i > first ? us - arrivalUs[i - 1]! : us + windowUs - arrivalUs[end - 1]!;
    return (gapUs / windowUs) * (end - first);
  });
  return { windowUs, firstOf, gaps };
}

/** New arrivals, and for each the number of the request that it repeats. */
function resample({ windowUs, firstOf, gaps }: WarpedRequests, factor: number, random: RandomStream) {
  const arrivalsUs: number[] = [];
  const sources: number[] = [];
  let dueAt: number | undefined;
  let [source, left, blockFirst, blockEnd] = [0, 0, 0, 0];
  for (let window = 0; window < firstOf.length - 1; window++) {
    const [first, end] = [firstOf[window]!, firstOf[window + 1]!];
    const rate = (end - first) / windowUs;
    if (end > first) dueAt ??= firstDue(gaps.subarray(first, end), random) / factor;

    while (dueAt !== undefined && dueAt < end) {
      if (left === 0) {
        [blockFirst, blockEnd, left] = [first, end, BLOCK];
        source = first + Math.floor(random.uniform() * (end - first));
      }
      sources.push(source);
      arrivalsUs.push(Math.floor(window * windowUs + (dueAt - first) / rate));
      source = source + 1 < blockEnd ? source + 1 : blockFirst;
      dueAt += gaps[source]! / factor;
      left -= 1;
    }
  }
  return { arrivalsUs, sources };
}

/** From a random moment of a window to its next request: a run begins anywhere, not at a request. */
function firstDue(gaps: Float64Array, random: RandomStream): number {
  let until = -random.uniform() * gaps.length;
  for (let i = 0; i < gaps.length && until < 0; i++) until += gaps[i]!;
  return Math.max(0, until);
}
