import { type RandomStream, randomStream } from '../kernel/random';
import { HOUR_US } from '../kernel/time-units';
import { quantileFunction } from './draw';
import { arrivalsOf, expectedArrivals, MAX_REQUESTS, type RateProfile, scaleProfile } from './rate-profile';
import { renewal } from './renewal';
import type { RequestList } from './request-list';
import { expandSessions, meanTurns } from './sessions';
import {
  DAILY_SHAPE,
  MAX_CLIENT_NAMES,
  type Spike,
  type SyntheticClient,
  type SyntheticWorkload,
  workloadFaults,
} from './synthetic';
import { tokenCount } from './tokens';

/**
 * Draws the requests of a synthetic workload. The same model and seed give the same requests.
 *
 * @throws RangeError if the model makes no sense, or gives no request or more than `MAX_REQUESTS`.
 */
export function synthesize(model: SyntheticWorkload, seed: number): RequestList {
  const faults = [...workloadFaults('workload', model)];
  if (faults.length > 0) throw new RangeError(faults.join('; '));

  const sources = clientProfiles(model);
  const expected = sources.reduce((sum, { profile }) => sum + expectedArrivals(profile), 0);
  if (expected > MAX_REQUESTS) {
    throw new RangeError(
      `workload gives ${Math.round(expected)} requests, more than ${MAX_REQUESTS}: lower workload.days, ` +
        'workload.meanRatePerSecond or workload.spikes',
    );
  }
  const { arrivalUs, clients } = superposition(model, sources, seed);
  if (arrivalUs.length === 0) {
    throw new RangeError('workload gives no requests: raise workload.days or workload.meanRatePerSecond');
  }
  return {
    count: arrivalUs.length,
    arrivalUs,
    ...drawTokens(model, arrivalUs.length, seed),
    ...(clients && { clients }),
    durationUs: durationOf(model),
  };
}

interface ClientProfile {
  readonly client: SyntheticClient;
  /** Of its requests. */
  readonly profile: RateProfile;
}

const durationOf = ({ days }: SyntheticWorkload) => Math.ceil(days * 24 * HOUR_US);

function clientProfiles(model: SyntheticWorkload): readonly ClientProfile[] {
  const { clients = [{ cv: 1 }] } = model;
  const shares = clients.reduce((sum, { share = 1 }) => sum + share, 0);
  return clients.map((client) => {
    const whole = rateProfile({ ...model, hourFactors: client.hourFactors ?? model.hourFactors ?? DAILY_SHAPE });
    return { client, profile: scaleProfile(whole, (client.share ?? 1) / shares) };
  });
}

/** The rate of requests, hour by hour and spike by spike. */
function rateProfile(model: SyntheticWorkload & Required<Pick<SyntheticWorkload, 'hourFactors'>>): RateProfile {
  const { hourFactors, dayFactors = [1, 1, 1, 1, 1, 1, 1], spikes = [] } = model;
  const durationUs = durationOf(model);
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

/** The arrivals of all clients, and whose each is where they have names. */
function superposition({ sessions }: SyntheticWorkload, sources: readonly ClientProfile[], seed: number) {
  const turns = sessions ? meanTurns(sessions) : 1;
  const arrivals = sources.map(({ client: { cv, law = 'gamma' }, profile }, index) => {
    const process = renewal({ law, cv }, randomStream(seed, `workload client ${index}`, 'arrivals'));
    const starts = arrivalsOf(scaleProfile(profile, 1 / turns), () => process);
    if (!sessions) return starts;
    return expandSessions(
      starts,
      sessions,
      profile.durationUs,
      randomStream(seed, `workload client ${index}`, 'sessions'),
    );
  });
  const names = [...new Set(sources.flatMap(({ client }) => client.name ?? []))];
  if (names.length === 0) return { arrivalUs: new Float64Array(arrivals.flat()).sort() };

  // A byte below the microsecond keeps whose it is: a year of microseconds takes 45 of 53 bits.
  const tags = arrivals.flatMap((each, at) => {
    const position = names.indexOf(sources[at]!.client.name!);
    return each.map((us) => us * MAX_CLIENT_NAMES + position);
  });
  const sorted = new Float64Array(tags).sort();
  return {
    arrivalUs: sorted.map((tag) => Math.floor(tag / MAX_CLIENT_NAMES)),
    clients: { names, positions: Uint8Array.from(sorted, (tag) => tag % MAX_CLIENT_NAMES) },
  };
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
