import { unusedMs } from './cold-start';
import { copiesFor } from './copies';
import { declineMs, SHORTEST_DECLINE_MS } from './decline';
import { meanMs } from './log-normal';
import type { WarmBook } from './warm-book';
import type { Wish } from './wish';
import { worthOfWarming } from './worth';

/**
 * Starts at once every cold component that the open runs are likely to call, so that a path waits for the longest of
 * its cold starts and not for their sum; and further copies of one that starts, if more runs came since.
 *
 * In topological order: a component that is being started is no longer in the way of those behind it, which are then
 * reached sooner. Once copies serve, their load is the autoscaler's business.
 */
export function breakCascades(book: WarmBook): void {
  for (const name of inTopologicalOrder(book)) {
    const known = book.view.component(name);
    if (!known || known.status.copies > 0) continue;
    const present = book.presentCopies(name);
    if (present >= (known.costs.maxCopies ?? 1)) continue;
    const wishes = book.forecasts.flatMap((forecast) => forecast.wish(name) ?? []);
    if (wishes.length === 0) continue;
    if (present > 0) startMore(book, name, present, wishes);
    else if (startIfWorth(book, name, wishes)) for (const forecast of book.forecasts) forecast.warm(name);
  }
}

function startIfWorth(book: WarmBook, name: string, wishes: readonly Wish[]): boolean {
  const { nowMs, config, view } = book;
  const { costs } = view.component(name)!;
  const rule = config.costRule ?? 'marginal';
  const worth = worthOfWarming(wishes, view.coldStart(name), costs, config.limits.graceMs, rule, nowMs);

  const chance = `called with probability ${worth.probability.toFixed(2)} by ${wishes.length} runs`;
  if (worth.startInMs > 0) {
    book.note(`${name}: not warmed yet: ${chance}, soon enough in ${(worth.startInMs / 1000).toFixed(1)} s`);
    book.askAgainAt(nowMs + worth.startInMs);
    return false;
  }
  const balance = `saves ${worth.benefitUsd.toFixed(4)} USD of waiting for ${worth.costUsd.toFixed(4)} USD of ${rule} cost`;
  if (!worth.isWorthIt) {
    book.note(`${name}: not warmed: ${chance}, ${balance}`);
    decline(book, name, wishes, declineMs(worth));
    return false;
  }
  const readyAtMs = nowMs + meanMs(view.coldStart(name));
  const copies = copiesFor({ wishes, costs, present: 1, readyAtMs, lagMs: 0, paidMs: worth.paidMs });
  const isStarted = book.warm(name, copies, nowMs + worth.keepForMs, `${chance}, ${balance}`, 'run');
  if (!isStarted) decline(book, name, wishes, SHORTEST_DECLINE_MS);
  return isStarted;
}

/** For the runs that wish for it: those of another graph may want it more. */
function decline(book: WarmBook, component: string, wishes: readonly Wish[], forMs: number): void {
  const wishing = new Set(wishes.map(({ request }) => request));
  const graphs = book.observation.requests.flatMap(({ id, graph }) => (wishing.has(id) ? [graph] : []));
  for (const graph of new Set(graphs)) book.decline({ component, graph, untilMs: book.nowMs + forMs });
}

function startMore(book: WarmBook, name: string, present: number, wishes: readonly Wish[]): void {
  const { nowMs, config, view } = book;
  const { costs } = view.component(name)!;
  const readyInMs = book.readyInMs(name) ?? 0;
  const lagMs = Math.max(0, view.lateStartMs(name) - readyInMs);
  const keepForMs = view.lateStartMs(name) + config.limits.graceMs;
  const coldStart = view.coldStart(name);
  const paidMs = unusedMs(coldStart, meanMs(coldStart), keepForMs);
  const readyAtMs = nowMs + readyInMs;
  const copies = copiesFor({ wishes, costs, present, readyAtMs, lagMs, paidMs });
  const reason = `${wishes.length} runs want more than the ${present} copies that start have room for`;
  book.warm(name, copies, nowMs + keepForMs, reason, 'run');
}

function inTopologicalOrder({ forecasts }: WarmBook): Set<string> {
  const ranked = forecasts.flatMap((forecast) => forecast.components().map((name, rank) => ({ name, rank })));
  ranked.sort((a, b) => a.rank - b.rank);
  return new Set(ranked.map(({ name }) => name));
}
