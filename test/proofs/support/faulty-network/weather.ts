import type { RandomStream } from '../../../../sim/kernel/random';
import { chance, drawsFor, oneOf, weighted } from './draws';
import type { FaultName } from './faults';

/** Of requests that are in no storm. */
const ON_A_USUAL_DAY: Readonly<Record<FaultName, number>> = {
  none: 110,
  latency: 10,
  hang: 2,
  stall: 2,
  'slow drip': 5,
  'reset before the answer': 3,
  'reset midway': 3,
  'half-close midway': 3,
  'content-length too short': 2,
  'content-length too long': 2,
  'no HTTP': 2,
  'broken body': 2,
  'broken body without end': 2,
  'page of a machine in between': 1,
  'wrong content-type': 3,
  'HTTP 429': 2,
  'HTTP 500': 2,
  'HTTP 503': 2,
};

const STORMS = ['HTTP 429', 'HTTP 500', 'HTTP 503'] satisfies readonly FaultName[];

/** A storm is over requests of so many runs that follow each other, and leaves few of them alone. */
const STORM_RUNS = 16;
const STORM_SHARE = 0.15;
const REFUSED_SHARE = 0.9;

export interface Lot {
  readonly fault: FaultName;
  /** For the rest of what the fault draws. */
  readonly random: RandomStream;
}

/** Which fault befalls each request to one service: a function of the seed, the run, the request and how often it came. */
export class Weather {
  /** By run and request. */
  readonly #seen = new Map<number, Map<string, number>>();

  constructor(
    private readonly seed: number,
    private readonly service: string,
  ) {}

  lotOf(run: number, request: string): Lot {
    const seen = this.#seen.get(run) ?? new Map<string, number>();
    this.#seen.set(run, seen);
    const tries = (seen.get(request) ?? 0) + 1;
    seen.set(request, tries);
    const random = drawsFor(this.seed, `${this.service} ${run} ${request} ${tries}`, 'fault');
    const storm = this.#stormOver(run);
    const fault = storm && chance(random, REFUSED_SHARE) ? storm : weighted(random, ON_A_USUAL_DAY);
    return { fault, random };
  }

  /** A run that has ended asks for nothing more. */
  forget(run: number): void {
    this.#seen.delete(run);
  }

  #stormOver(run: number): FaultName | undefined {
    const random = drawsFor(this.seed, `${this.service} ${Math.floor(run / STORM_RUNS)}`, 'storm');
    return chance(random, STORM_SHARE) ? oneOf(random, STORMS) : undefined;
  }
}
