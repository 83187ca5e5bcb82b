import { Batch } from '../serving/batch';
import type { CopyProfile, Work } from '../serving/copy-profile';
import { IterationBatch } from '../serving/iteration-batch';

/** Milliseconds since the arrival of a request. */
export interface Latencies {
  readonly firstTokenMs: number;
  /** Its last token. */
  readonly doneMs: number;
}

/** A request of a log: what one copy was asked, and when it answered. */
export interface ServedRequest extends Work, Latencies {
  /** On any clock; only differences count. */
  readonly arrivalMs: number;
}

/** How closely a batch is followed: between events as a fluid, or every step of the engine. */
export type BatchLevel = 'fluid' | 'iteration';

/** What of a request a replay needs. */
type Arrival = Work & { readonly arrivalMs: number };

/**
 * The latencies that a copy of this profile would have given the same requests, in the order given.
 *
 * @throws RangeError if a request arrives before the one ahead of it.
 */
export function replay(requests: readonly Arrival[], profile: CopyProfile, level: BatchLevel): Latencies[] {
  const batch = level === 'fluid' ? new Batch(profile) : new IterationBatch(profile);
  const indexOf = new Map<object, number>();
  const firstTokenUs = new Float64Array(requests.length);
  const doneUs = new Float64Array(requests.length);
  const advance = (toUs: number) => {
    for (const { kind, sequence, atUs } of batch.advance(toUs)) {
      const times = kind === 'done' ? doneUs : firstTokenUs;
      times[indexOf.get(sequence)!] = atUs;
      if (kind === 'done') indexOf.delete(sequence);
    }
  };

  const arrivalsUs = requests.map(({ arrivalMs }) => Math.round((arrivalMs - requests[0]!.arrivalMs) * 1000));
  for (const [index, request] of requests.entries()) {
    const arrivalUs = arrivalsUs[index]!;
    if (arrivalUs < (arrivalsUs[index - 1] ?? 0)) {
      throw new RangeError(
        `requests must be in order of arrival, but request ${index} comes before the one ahead of it`,
      );
    }
    advance(arrivalUs);
    indexOf.set(batch.add(request), index);
  }
  while (batch.size > 0) advance(batch.nextEventAtUs);

  return arrivalsUs.map((arrivalUs, index) => ({
    firstTokenMs: (firstTokenUs[index]! - arrivalUs) / 1000,
    doneMs: (doneUs[index]! - arrivalUs) / 1000,
  }));
}
