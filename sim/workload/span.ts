import { partitionPoint } from '../kernel/partition-point';
import { randomStream } from '../kernel/random';
import { DAY_US, HOUR_US } from '../kernel/time-units';
import { clientsAt, type RequestList } from './request-list';

/**
 * The requests from one moment to before another, with arrivals counted from the first moment.
 *
 * @throws RangeError unless `0 <= fromUs < toUs`.
 */
export function window(requests: RequestList, fromUs: number, toUs: number): RequestList {
  if (!(fromUs >= 0 && fromUs < toUs)) {
    throw new RangeError(`fromUs must be from 0 and below toUs, got: ${fromUs} and ${toUs}`);
  }
  const { arrivalUs, promptTokens, outputTokens, durationUs } = requests;
  const [first, end] = [firstFrom(requests, fromUs), firstFrom(requests, toUs)];
  return {
    count: end - first,
    arrivalUs: arrivalUs.subarray(first, end).map((arrival) => arrival - fromUs),
    promptTokens: promptTokens.slice(first, end),
    outputTokens: outputTokens.slice(first, end),
    ...clientsAt(requests, (positions) => positions.slice(first, end)),
    durationUs: Math.max(0, Math.min(toUs, durationUs) - fromUs),
  };
}

/** The requests that come first, up to the moment of the next one. @param count at least 1 */
export function firstRequests(requests: RequestList, count: number): RequestList {
  if (count >= requests.count) return requests;
  const { arrivalUs, promptTokens, outputTokens } = requests;
  return {
    count,
    arrivalUs: arrivalUs.subarray(0, count),
    promptTokens: promptTokens.subarray(0, count),
    outputTokens: outputTokens.subarray(0, count),
    ...clientsAt(requests, (positions) => positions.subarray(0, count)),
    durationUs: Math.max(1, arrivalUs[count]!),
  };
}

/** The requests of whole days, counted from 0: the second week is `sliceDays(requests, 7, 14)`. */
export function sliceDays(requests: RequestList, fromDay: number, toDay: number): RequestList {
  return window(requests, Math.round(fromDay * DAY_US), Math.round(toDay * DAY_US));
}

/**
 * As many days as the run has, each a whole day of it drawn at random, with replacement: another run that might have
 * been. What follows the last whole day is left out.
 *
 * Source of the block bootstrap: H. R. Künsch, The Jackknife and the Bootstrap for General Stationary Observations, 1989,
 * https://doi.org/10.1214/aos/1176347265.
 *
 * @throws RangeError if the run is shorter than two days.
 */
export function bootstrapDays(requests: RequestList, seed: number): RequestList {
  const days = Math.floor(requests.durationUs / DAY_US);
  if (days < 2) {
    const hours = (requests.durationUs / HOUR_US).toFixed(1);
    throw new RangeError(`drawing days needs a run of at least two, got one of ${hours} hours`);
  }
  const random = randomStream(seed, 'workload', 'bootstrap of days');
  const drawn = Array.from({ length: days }, () => Math.floor(random.uniform() * days));
  return concatenate(drawn.map((day) => sliceDays(requests, day, day + 1)));
}

/** One run after another, of the same clients. */
function concatenate(runs: readonly RequestList[]): RequestList {
  const count = runs.reduce((sum, run) => sum + run.count, 0);
  const clients = new Uint8Array(count);
  const columns = {
    arrivalUs: new Float64Array(count),
    promptTokens: new Uint32Array(count),
    outputTokens: new Uint32Array(count),
  };
  let [at, startUs] = [0, 0];
  for (const run of runs) {
    columns.arrivalUs.set(run.arrivalUs, at);
    for (let i = at; i < at + run.count; i++) columns.arrivalUs[i]! += startUs;
    columns.promptTokens.set(run.promptTokens, at);
    columns.outputTokens.set(run.outputTokens, at);
    if (run.clients) clients.set(run.clients.positions, at);
    at += run.count;
    startUs += run.durationUs;
  }
  return { count, ...columns, ...clientsAt(runs[0]!, () => clients), durationUs: startUs };
}

/** The position of the first request that comes at a moment or later. */
export function firstFrom({ arrivalUs, count }: Pick<RequestList, 'arrivalUs' | 'count'>, fromUs: number): number {
  return partitionPoint(count, (at) => arrivalUs[at]! < fromUs);
}
