import type { RunForecast } from './run-forecast';
import type { WarmBook } from './warm-book';
import { mergeWishes, type Wish } from './wish';
import { worthOfWarming } from './worth';

/**
 * Starts at once every cold component that the open runs are likely to call, so that a path waits for the longest of
 * its cold starts and not for their sum.
 *
 * In topological order: a component that is being started is no longer in the way of those behind it, which are then
 * reached sooner.
 */
export function breakCascades(book: WarmBook, forecasts: readonly RunForecast[]): void {
  for (const name of inTopologicalOrder(forecasts, book.observation.wishes)) {
    if (!book.view.component(name) || book.readyInMs(name) !== undefined) continue;
    const wishes = mergeWishes([
      ...book.view.wishesElsewhere(name),
      ...forecasts.flatMap((forecast) => forecast.wish(name) ?? []),
    ]);
    if (wishes.length > 0 && warmIfWorth(book, name, wishes)) for (const forecast of forecasts) forecast.warm(name);
  }
}

function warmIfWorth(book: WarmBook, name: string, wishes: readonly Wish[]): boolean {
  const { nowMs, config, view } = book;
  const { costs } = view.component(name)!;
  const rule = config.costRule ?? 'marginal';
  const worth = worthOfWarming(wishes, view.coldStart(name), costs, config.limits.graceMs, rule, nowMs);

  const chance = `called with probability ${worth.probability.toFixed(2)} by ${wishes.length} runs`;
  if (worth.startInMs > 0) {
    book.note(`${name}: not warmed yet: ${chance}, soon enough in ${(worth.startInMs / 1000).toFixed(1)} s`);
    return false;
  }
  const balance = `saves ${worth.benefitUsd.toFixed(4)} USD of waiting for ${worth.costUsd.toFixed(4)} USD of ${rule} cost`;
  if (!worth.isWorthIt) {
    book.note(`${name}: not warmed: ${chance}, ${balance}`);
    return false;
  }
  const calls = wishes.reduce((sum, { probability }) => sum + probability, 0);
  const needed = Math.ceil(calls / (costs.concurrencyPerCopy ?? Number.POSITIVE_INFINITY));
  const copies = Math.min(Math.max(1, needed), costs.maxCopies ?? 1);
  return book.warm(name, copies, nowMs + worth.keepForMs, `${chance}, ${balance}`);
}

function inTopologicalOrder(forecasts: readonly RunForecast[], wishes: readonly Wish[]): Set<string> {
  const ranked = forecasts.flatMap((forecast) => forecast.components().map((name, rank) => ({ name, rank })));
  ranked.sort((a, b) => a.rank - b.rank);
  return new Set([...ranked.map(({ name }) => name), ...wishes.map(({ component }) => component)]);
}
