import { show } from '../../core/graph/show';
import { type Check, from, list, oneOf, optional, positive, record } from './checks';
import type { Distribution } from './distribution';
import { distributionFaults } from './distribution-faults';
import { type Burstiness, CV_MAX, CV_MIN } from './renewal';

/** A workload by its statistics. */
export interface SyntheticWorkload {
  readonly days: number;
  /** Requests per second, the mean of the whole run; spikes come on top. */
  readonly meanRatePerSecond: number;
  /** The load of each of the 24 hours of a day against the others; only ratios count. Default: `DAILY_SHAPE`. */
  readonly hourFactors?: readonly number[];
  /** The load of each of 7 days against the others, beginning with the first day of the run. Default: all alike. */
  readonly dayFactors?: readonly number[];
  /** Who sends the requests, independently of each other. Default: one client, Poisson. */
  readonly clients?: readonly SyntheticClient[];
  readonly spikes?: readonly Spike[];
  /** If present, requests come in sessions: what is bursty, and follows the clock, is the start of a session. */
  readonly sessions?: Sessions;
  readonly promptTokens: Distribution;
  /** May follow `promptTokens`. */
  readonly outputTokens: Distribution;
}

export interface SyntheticClient {
  /** By which nodes tell its requests from those of others; several may share one. All clients of a workload have one, or none. */
  readonly name?: string;
  /** Its share of the requests against that of the other clients. Default: 1. */
  readonly share?: number;
  readonly cv: number;
  /** Default: gamma. */
  readonly law?: Burstiness['law'];
  /** Its own day, in place of that of the workload. */
  readonly hourFactors?: readonly number[];
}

/** The load is `factor` times what it would be at that time. */
export interface Spike {
  readonly startHours: number;
  readonly durationMinutes: number;
  readonly factor: number;
}

/** Several requests of one agent, one after another. */
export interface Sessions {
  /** Requests in a session, rounded; at least 1. */
  readonly turns: Distribution;
  /** From one request of the session to the next, in seconds. */
  readonly thinkSeconds: Distribution;
}

/**
 * A day as a sine, lowest at 4:00 and highest at 16:00, between half and one and a half times its mean.
 *
 * The 5th percentile of such a day is 0.51 of its mean; that of the ServeGen rates (arXiv 2505.09999, 10-minute windows
 * of 14 days) is 0.43 for m-large and 0.55 for m-small.
 */
export const DAILY_SHAPE: readonly number[] = Array.from(
  { length: 24 },
  (_, hour) => 1 - 0.5 * Math.cos(((hour + 0.5 - 4) / 24) * 2 * Math.PI),
);

/** They are numbered by a byte. */
export const MAX_CLIENT_NAMES = 256;

const factors =
  (length: number): Check =>
  (at, value) =>
    Array.isArray(value) && value.length === length && value.some((factor) => factor > 0)
      ? list(from(0))(at, value)
      : [`${at} must be a list of ${length} numbers, not all of them 0`];

const name: Check = function* (at, value) {
  if (typeof value !== 'string' || value === '') yield `${at} must be a text, got: ${show(value)}`;
};

const check = record({
  days: positive,
  meanRatePerSecond: positive,
  hourFactors: optional(factors(24)),
  dayFactors: optional(factors(7)),
  clients: optional(
    list(
      record({
        name: optional(name),
        share: optional(positive),
        cv: from(CV_MIN, CV_MAX),
        law: optional(oneOf('gamma', 'weibull')),
        hourFactors: optional(factors(24)),
      }),
    ),
  ),
  spikes: optional(list(record({ startHours: from(0), durationMinutes: positive, factor: from(0) }))),
  sessions: optional(record({ turns: distributionFaults, thinkSeconds: distributionFaults })),
  promptTokens: distributionFaults,
  outputTokens: distributionFaults,
});

/** What is wrong with data that should be a `SyntheticWorkload`, field by field. */
export function* workloadFaults(at: string, value: unknown): Iterable<string> {
  const faults = [...check(at, value)];
  yield* faults.length > 0 ? faults : crossFaults(at, value as SyntheticWorkload);
}

/** Of a workload whose fields are right one by one. */
function* crossFaults(at: string, model: SyntheticWorkload): Iterable<string> {
  for (const [index, spike] of (model.spikes ?? []).entries()) {
    if (spike.startHours >= model.days * 24) {
      yield `${at}.spikes[${index}].startHours must be below ${model.days * 24}, the end, got: ${spike.startHours}`;
    }
  }
  const { promptTokens, outputTokens, sessions, clients = [] } = model;
  const names = clients.flatMap(({ name }) => name ?? []);
  if (names.length > 0 && names.length < clients.length) yield `${at}.clients must all have a name, or none`;
  const different = new Set(names).size;
  if (different > MAX_CLIENT_NAMES) {
    yield `${at}.clients must have at most ${MAX_CLIENT_NAMES} different names, got: ${different}`;
  }
  if (follows(promptTokens)) yield `${at}.promptTokens cannot follow the tokens of the request: it makes them`;
  if (follows(outputTokens) === 'outputTokens') yield `${at}.outputTokens cannot follow itself`;
  if (follows(sessions?.turns)) yield `${at}.sessions.turns cannot follow the tokens of a request`;
  if (follows(sessions?.thinkSeconds)) yield `${at}.sessions.thinkSeconds cannot follow the tokens of a request`;
}

function follows(distribution: Distribution | undefined) {
  return typeof distribution === 'object' && 'request' in distribution ? distribution.request : undefined;
}
