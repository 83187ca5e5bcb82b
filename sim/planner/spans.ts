import { DAY_US, HOUR_US } from '../kernel/time-units';
import type { RequestList } from '../workload/request-list';
import { bootstrapDays, window } from '../workload/span';
import { synthesize } from '../workload/synthesize';
import type { SyntheticWorkload } from '../workload/synthetic';

/** A workload by its statistics, or the requests of a trace. */
export type PlanWorkload =
  | { readonly kind: 'synthetic'; readonly model: SyntheticWorkload }
  | { readonly kind: 'trace'; readonly requests: RequestList };

/** Requests, and from when on they count: before that copies find their level. */
export interface Span {
  readonly requests: RequestList;
  readonly scoreFromUs: number;
}

const MOST_LEAD_SHARE = 0.1;

/** Enough for a P95 within a few percent; of more, the first whole days are tried. */
const TUNING_REQUESTS = 20_000;
const SCORED_REQUESTS = 60_000;

/**
 * The first half of the workload: whole days, if it has two. Each seed draws the requests of a synthetic workload anew,
 * and the days of a trace whose half has two; a shorter trace is the same for every seed, but for what a request finds
 * in the world.
 */
export function tuningSpan(workload: PlanWorkload, seed: number): Span {
  const requests = drawn(workload, seed);
  return spanOf(workload, window(requests, 0, splitUs(requests)), TUNING_REQUESTS, seed);
}

/** The second half, by which nothing is decided. */
export function scoredSpan(workload: PlanWorkload, seed: number): Span {
  const requests = drawn(workload, seed);
  return spanOf(workload, window(requests, splitUs(requests), requests.durationUs), SCORED_REQUESTS, seed);
}

/** Requests of a span that count. */
export function counted({ requests, scoreFromUs }: Span): number {
  return requests.arrivalUs.reduce((count, atUs) => count + (atUs >= scoreFromUs ? 1 : 0), 0);
}

/** What a reader should know of the spans. */
export function* spanWarnings(workload: PlanWorkload): Iterable<string> {
  const { durationUs, count } = drawn(workload, 0);
  if (durationUs < DAY_US) {
    const hours = (durationUs / HOUR_US).toPrecision(2);
    yield `the workload covers ${hours} h: the month is taken to be like them, nights and weekends included`;
  }
  if (workload.kind === 'trace' && durationUs < 4 * DAY_US) {
    yield 'the trace is shorter than 4 days: intervals leave out how one day differs from another';
  }
  if (count / 2 > SCORED_REQUESTS && durationUs >= 4 * DAY_US) {
    yield `of ${count} requests, the first days of each half are tried, some ${SCORED_REQUESTS} at a time`;
  }
}

function drawn(workload: PlanWorkload, seed: number): RequestList {
  return workload.kind === 'synthetic' ? synthesize(workload.model, seed) : workload.requests;
}

function spanOf({ kind }: PlanWorkload, half: RequestList, most: number, seed: number): Span {
  const whole = firstDays(half, most);
  const isDrawn = kind === 'trace' && whole.durationUs >= 2 * DAY_US;
  const requests = isDrawn ? bootstrapDays(whole, seed) : whole;
  return { requests, scoreFromUs: leadUs(requests.durationUs) };
}

function splitUs({ durationUs }: RequestList): number {
  const days = Math.floor(durationUs / DAY_US);
  return days >= 2 ? Math.floor(days / 2) * DAY_US : Math.ceil(durationUs / 2);
}

function leadUs(durationUs: number): number {
  return Math.min(HOUR_US, Math.floor(durationUs * MOST_LEAD_SHARE));
}

/** As many whole days as have no more requests than that, but at least one. */
function firstDays(requests: RequestList, most: number): RequestList {
  const { arrivalUs, count, durationUs } = requests;
  if (count <= most || durationUs <= DAY_US) return requests;
  const days = Math.max(1, Math.floor(arrivalUs[most]! / DAY_US));
  return window(requests, 0, days * DAY_US);
}
