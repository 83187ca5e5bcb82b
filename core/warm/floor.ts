import { HOLD_MS } from './hold';
import { meanMs } from './log-normal';
import type { WarmBook } from './warm-book';
import { delayPenaltyOf } from './worth';

/**
 * Keeps as many copies as a forecast asks for.
 *
 * What a floor is worth is the wait that starting everything on entry cannot hide: all of a root's cold start, less of
 * a node's the longer a run takes to get there. The best value for money comes first, so that when the budget is short
 * the components that decide how long a run waits keep theirs.
 */
export function keepFloors(book: WarmBook): void {
  const floors = Object.entries(book.observation.floorCopies).filter(([name, n]) => n > 0 && book.view.component(name));
  if (floors.length === 0) return;
  const unhidden = unhiddenWaits(book);
  const worthPerDollar = (name: string) => {
    const { costs } = book.view.component(name)!;
    return ((unhidden.get(name) ?? 0) * delayPenaltyOf(costs)) / costs.pricePerHourUsd;
  };
  floors.sort(([a], [b]) => worthPerDollar(b) - worthPerDollar(a));
  for (const [name, copies] of floors) {
    const { status } = book.view.component(name)!;
    const waitMs = unhidden.get(name) ?? 0;
    const reason = `a forecast asks for ${copies} copies; entry would leave a wait of ${(waitMs / 1000).toFixed(1)} s`;
    if (status.copies >= copies) book.keep(name, copies, book.nowMs + HOLD_MS, reason);
    else book.warm(name, copies, book.nowMs + book.view.lateStartMs(name) + HOLD_MS, reason);
  }
}

/** How long a run that begins now would wait for each component if it were started now, weighed by how likely it is. */
function unhiddenWaits(book: WarmBook): Map<string, number> {
  const waits = new Map<string, number>();
  for (const graph of Object.keys(book.config.graphs)) {
    const forecast = book.view.forecast({ id: graph, graph, nodes: {} }, () => 0)!;
    for (const name of forecast.components()) {
      const wish = forecast.wish(name);
      if (!wish) continue;
      const coldStartMs = meanMs(book.view.coldStart(name));
      const waitsMs = wish.arrivalsAtMs.map((atMs) => Math.max(0, coldStartMs - (atMs - book.nowMs)));
      const waitMs = (wish.probability * waitsMs.reduce((sum, wait) => sum + wait, 0)) / waitsMs.length;
      waits.set(name, Math.max(waits.get(name) ?? 0, waitMs));
    }
  }
  return waits;
}
