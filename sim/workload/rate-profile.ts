import type { Renewal } from './renewal';

/** Arrivals per second over time, constant from each start to the next. */
export interface RateProfile {
  /** Whole microseconds, ascending from 0. */
  readonly startUs: Float64Array;
  /** From each start on; 0 or more. */
  readonly perSecond: Float64Array;
  readonly durationUs: number;
}

/** More requests would not fit into the memory of a run. */
export const MAX_REQUESTS = 20_000_000;

/** Arrivals that the profile gives on average. */
export function expectedArrivals({ startUs, perSecond, durationUs }: RateProfile): number {
  let sum = 0;
  for (let i = 0; i < perSecond.length; i++) {
    sum += (perSecond[i]! * ((startUs[i + 1] ?? durationUs) - startUs[i]!)) / 1e6;
  }
  return sum;
}

export function scaleProfile(profile: RateProfile, factor: number): RateProfile {
  return { ...profile, perSecond: profile.perSecond.map((rate) => rate * factor) };
}

/**
 * Arrivals in whole microseconds, ascending: a renewal process in operational time, in which one arrival is due per unit,
 * mapped through the cumulative rate. So the gaps keep their variation while the rate keeps its shape.
 *
 * `renewalAt` is the process in force in a piece of the profile, by its index.
 *
 * Source: I. Gerhardt and B. L. Nelson, Transforming Renewal Processes for Simulation of Nonstationary Arrival Processes,
 * INFORMS Journal on Computing 21(4), 2009, https://doi.org/10.1287/ijoc.1080.0316.
 */
export function arrivalsOf(profile: RateProfile, renewalAt: (piece: number) => Renewal): number[] {
  const { startUs, perSecond, durationUs } = profile;
  const arrivalsUs: number[] = [];
  let dueAt = renewalAt(0).first();
  let pieceStart = 0;

  for (let piece = 0; piece < perSecond.length; piece++) {
    const rate = perSecond[piece]! / 1e6;
    const pieceEnd = pieceStart + rate * ((startUs[piece + 1] ?? durationUs) - startUs[piece]!);
    const process = renewalAt(piece);
    while (dueAt < pieceEnd) {
      arrivalsUs.push(Math.floor(startUs[piece]! + (dueAt - pieceStart) / rate));
      dueAt += process.next();
    }
    pieceStart = pieceEnd;
  }
  return arrivalsUs;
}
