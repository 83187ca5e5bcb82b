import { observeArrivals } from '../arrival-envelope';
import { observeDemand } from '../demand-history';
import { learnLatency } from '../latency-fit';
import { MIN_SAMPLES } from '../p95-verdict';
import { regainTrust } from '../trust';
import type { ComponentObservation } from './observation';
import type { ComponentState } from './state';

/** Takes in one fresh observation. The latency of cold copies says nothing about how latency depends on load. */
export function learn(state: ComponentState, observation: ComponentObservation, nowMs: number): ComponentState {
  const { latency, concurrencyPerCopy = 0, coldStarts, requestsPerSecond, meanServiceSeconds, copies } = observation;
  const fits = latency !== undefined && latency.count >= MIN_SAMPLES && concurrencyPerCopy > 0 && coldStarts === 0;
  return {
    ...state,
    measuredAtMs: observation.measuredAtMs,
    ...(copies.desired > copies.inService && { startingAtMs: observation.measuredAtMs }),
    fit: fits ? learnLatency(state.fit, concurrencyPerCopy, latency.p95Ms) : state.fit,
    demand: observeDemand(state.demand, requestsPerSecond * meanServiceSeconds, nowMs),
    envelope: observeArrivals(state.envelope, observation.arrivals),
    trust: regainTrust(state.trust, nowMs),
  };
}
