/** Requests of one component, in columns. */
export interface ComponentWork {
  /** Microseconds since the start of the run. */
  readonly arrivalUs: ArrayLike<number>;
  /** Of each request, in a copy that serves as many requests at once as it may. */
  readonly serviceSeconds: ArrayLike<number>;
}

/**
 * Requests in progress in each window, on average, if each is served in the window of its arrival: arrivals a second
 * times service seconds (Little's law).
 *
 * Only whole windows count, so that a rest at the end of the run adds nothing to a lower bound.
 *
 * @throws RangeError if the columns differ in length, or unless the window is positive.
 */
export function demandWindows(work: ComponentWork, windowSeconds: number, durationUs: number): Float64Array {
  const { arrivalUs, serviceSeconds } = work;
  if (arrivalUs.length !== serviceSeconds.length) {
    throw new RangeError(`each arrival needs one service time, got: ${arrivalUs.length} and ${serviceSeconds.length}`);
  }
  if (!(windowSeconds > 0)) throw new RangeError(`windowSeconds must be positive, got: ${windowSeconds}`);

  const windowUs = windowSeconds * 1e6;
  const demand = new Float64Array(Math.floor(durationUs / windowUs));
  for (let i = 0; i < arrivalUs.length; i++) {
    const window = Math.floor(arrivalUs[i]! / windowUs);
    if (window < demand.length) demand[window]! += serviceSeconds[i]! / windowSeconds;
  }
  return demand;
}

/** Relative error that sums of floating-point numbers may have: it must not ask for one copy more. */
const ROUNDING = 1e-9;

/**
 * Copies needed in each window, so that none serves more than `maxConcurrency` requests at once: the most at which a copy
 * keeps its part of the objective.
 *
 * @throws RangeError unless `maxConcurrency` is positive.
 */
export function needByWindow(demand: ArrayLike<number>, maxConcurrency: number): Int32Array {
  if (!(maxConcurrency > 0)) throw new RangeError(`maxConcurrency must be positive, got: ${maxConcurrency}`);
  return Int32Array.from(demand, (requests) => Math.ceil((requests / maxConcurrency) * (1 - ROUNDING)));
}
