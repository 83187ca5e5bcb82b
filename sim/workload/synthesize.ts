import { type RandomStream, randomStream } from '../kernel/random';
import { quantileFunction } from './draw';
import { arrivalsOf, expectedArrivals, MAX_REQUESTS, type RateProfile, scaleProfile } from './rate-profile';
import { renewal } from './renewal';
import type { RequestList } from './request-list';
import { expandSessions, meanTurns } from './sessions';
import { DAILY_SHAPE, type Spike, type SyntheticWorkload, workloadFaults } from './synthetic';
import { tokenCount } from './tokens';

const HOUR_US = 3600e6;

/**
 * Draws the requests of a synthetic workload. The same model and seed give the same requests.
 *
 * @throws RangeError if the model makes no sense, or gives no request or more than `MAX_REQUESTS`.
 */
export function synthesize(model: SyntheticWorkload, seed: number): RequestList {
  const faults = [...workloadFaults('workload', model)];
  if (faults.length > 0) throw new RangeError(faults.join('; '));

  const profile = rateProfile(model);
  const expected = expectedArrivals(profile);
  if (expected > MAX_REQUESTS) {
    throw new RangeError(
      `workload gives ${Math.round(expected)} requests, more than ${MAX_REQUESTS}: lower workload.days, ` +
        'workload.meanRatePerSecond or workload.spikes',
    );
  }
  const starts = superposition(model, profile, seed);
  const arrivalUs = model.sessions
    ? expandSessions(starts, model.sessions, profile.durationUs, randomStream(seed, 'workload', 'sessions'))
    : starts;
  if (arrivalUs.length === 0) {
    throw new RangeError('workload gives no requests: raise workload.days or workload.meanRatePerSecond');
  }
  return {
    count: arrivalUs.length,
    arrivalUs,
    ...drawTokens(model, arrivalUs.length, seed),
    durationUs: profile.durationUs,
  };
}

/** The rate of requests, hour by hour and spike by spike. */
function rateProfile(model: SyntheticWorkload): RateProfile {
  const { hourFactors = DAILY_SHAPE, dayFactors = [1, 1, 1, 1, 1, 1, 1], spikes = [] } = model;
  const durationUs = Math.ceil(model.days * 24 * HOUR_US);
  const startUs = Float64Array.from(breakpoints(spikes, durationUs)).sort();

  const shape = startUs.map((start) => {
    const hour = Math.floor(start / HOUR_US);
    return hourFactors[hour % 24]! * dayFactors[Math.floor(hour / 24) % 7]!;
  });
  let weight = 0;
  for (let i = 0; i < shape.length; i++) weight += shape[i]! * ((startUs[i + 1] ?? durationUs) - startUs[i]!);
  if (weight === 0) throw new RangeError('workload.hourFactors and workload.dayFactors leave no load in the run');

  const scale = (model.meanRatePerSecond * durationUs) / weight;
  const perSecond = shape.map((factor, i) => factor * scale * spikeFactor(spikes, startUs[i]!));
  return { startUs, perSecond, durationUs };
}

function breakpoints(spikes: readonly Spike[], durationUs: number): Set<number> {
  const starts = new Set<number>();
  for (let start = 0; start < durationUs; start += HOUR_US) starts.add(start);
  for (const spike of spikes) {
    starts.add(spikeStartUs(spike));
    if (spikeEndUs(spike) < durationUs) starts.add(spikeEndUs(spike));
  }
  return starts;
}

function spikeFactor(spikes: readonly Spike[], atUs: number): number {
  const active = spikes.filter((spike) => spikeStartUs(spike) <= atUs && atUs < spikeEndUs(spike));
  return active.reduce((product, { factor }) => product * factor, 1);
}

const spikeStartUs = ({ startHours }: Spike) => Math.round(startHours * HOUR_US);
const spikeEndUs = (spike: Spike) => spikeStartUs(spike) + Math.round(spike.durationMinutes * 60e6);

/** The arrivals of all clients; with sessions, of the first request of each. */
function superposition(model: SyntheticWorkload, profile: RateProfile, seed: number): Float64Array {
  const { clients = [{ cv: 1 }], sessions } = model;
  const shares = clients.reduce((sum, { share = 1 }) => sum + share, 0) * (sessions ? meanTurns(sessions) : 1);

  const arrivals = clients.flatMap(({ share = 1, cv, law = 'gamma' }, index) => {
    const process = renewal({ law, cv }, randomStream(seed, `workload client ${index}`, 'arrivals'));
    return arrivalsOf(scaleProfile(profile, share / shares), () => process);
  });
  return new Float64Array(arrivals).sort();
}

function drawTokens({ promptTokens, outputTokens }: SyntheticWorkload, count: number, seed: number) {
  const [promptRandom, outputRandom] = [tokenStream(seed, 'prompt'), tokenStream(seed, 'output')];
  const [promptQuantile, outputQuantile] = [quantileFunction(promptTokens), quantileFunction(outputTokens)];
  const columns = { promptTokens: new Uint32Array(count), outputTokens: new Uint32Array(count) };
  const request = { promptTokens: 1, outputTokens: 1 };
  for (let i = 0; i < count; i++) {
    request.promptTokens = tokenCount(promptQuantile(promptRandom.uniform() + 2 ** -33));
    columns.promptTokens[i] = request.promptTokens;
    columns.outputTokens[i] = tokenCount(outputQuantile(outputRandom.uniform() + 2 ** -33, request));
  }
  return columns;
}

function tokenStream(seed: number, of: 'prompt' | 'output'): RandomStream {
  return randomStream(seed, 'workload', `${of} tokens`);
}
