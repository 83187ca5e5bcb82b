import { HOUR_MS } from '../time-units';
import type { WarmComponent } from './policy';
import type { Wish } from './wish';
import { delayPenaltyPerHourUsd } from './worth';

/** What decides how many copies to start of a component of which none serves. */
export interface CopyNeeds {
  readonly wishes: readonly Wish[];
  readonly costs: WarmComponent;
  /** Copies that are on their way, or about to be started. */
  readonly present: number;
  /** When the first of those is expected to serve. */
  readonly readyAtMs: number;
  /** By how much a copy that is started now serves later than the first of those. */
  readonly lagMs: number;
  /** For how long a copy is paid that turns out to be one too many. */
  readonly paidMs: number;
}

/**
 * How many copies to have: at most as many as have room for all calls that wait when the first of them serves, the sum of
 * p × width over the concurrency of a copy, and of those as many as pay. Calls that come later come one after another,
 * as what they wait for lets them through; the autoscaler sees to those.
 *
 * Calls that find no room wait in line, for calls and not for a cold start: a copy more is worth the time by which it
 * shortens the line that stands when it comes, all of its cost counted, since without the line nobody would start it.
 * So a burst of short calls behind a long cold start asks for one copy, and one of long calls for many.
 */
export function copiesFor({ wishes, costs, present, readyAtMs, lagMs, paidMs }: CopyNeeds): number {
  const { concurrencyPerCopy = Number.POSITIVE_INFINITY, maxCopies = 1, minimumBillUsd = 0, pricePerHourUsd } = costs;
  const { calls, callMs } = lineOf(wishes, readyAtMs);
  if (callMs === 0) return present;
  const most = Math.min(maxCopies, Math.ceil(calls / concurrencyPerCopy));
  const copyUsd = (pricePerHourUsd * paidMs) / HOUR_MS + minimumBillUsd;
  const penalty = (delayPenaltyPerHourUsd(costs) * callMs) / HOUR_MS;
  let copies = present;
  while (copies < most) {
    const waiting = calls - (copies * concurrencyPerCopy * lagMs) / callMs;
    const shorter =
      roundsAhead(waiting, copies * concurrencyPerCopy) - roundsAhead(waiting, (copies + 1) * concurrencyPerCopy);
    if (penalty * shorter <= copyUsd) break;
    copies++;
  }
  return copies;
}

/** Calls that are expected to wait at a time, and how long one takes in the mean. */
function lineOf(wishes: readonly Wish[], atMs: number): { readonly calls: number; readonly callMs: number } {
  let calls = 0;
  let workMs = 0;
  for (const { probability, arrivalsAtMs, width = 1, callMs = 0 } of wishes) {
    const waiting = arrivalsAtMs.filter((arrivalAtMs) => arrivalAtMs <= atMs).length / arrivalsAtMs.length;
    calls += probability * waiting * width;
    workMs += probability * waiting * width * callMs;
  }
  return { calls, callMs: calls > 0 ? workMs / calls : 0 };
}

/** The sum over calls in line of the rounds that are served before each, if so many are served in each. */
function roundsAhead(calls: number, perRound: number): number {
  if (calls <= perRound) return 0;
  const full = Math.floor(calls / perRound);
  return (perRound * full * (full - 1)) / 2 + full * (calls - full * perRound);
}
