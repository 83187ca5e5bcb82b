import { isWorthKeeping } from './keep-alive';
import type { RunForecast } from './run-forecast';
import type { WarmBook } from './warm-book';

/** Holds are short and prolonged, so that money is set aside hour by hour and copies go if nobody decides any more. */
export const HOLD_MS = 15 * 60_000;

/** Keeps each component for as long after its last call as its idle times make worth it, and has it back in time. */
export function keepAfterCalls(book: WarmBook): void {
  const { nowMs } = book;
  for (const name of Object.keys(book.observation.components)) {
    const idleMs = book.idleMs(name);
    const known = book.view.component(name);
    if (!known || idleMs === undefined) continue;
    const plan = book.view.keepAlive(name, known.costs);
    const leadMs = book.view.lateStartMs(name);
    const window = plan.windows.find(({ fromMs, toMs }) => idleMs >= fromMs - leadMs && idleMs < toMs);
    if (!window) continue;
    const leftMs = window.toMs - idleMs;
    if (known.status.copies > 0) {
      book.keep(name, 1, nowMs + Math.min(leftMs, HOLD_MS), plan.reason);
    } else if (window.fromMs > 0 && book.readyInMs(name) === undefined) {
      book.warm(name, 1, nowMs + Math.min(leftMs, leadMs + HOLD_MS), plan.reason);
    }
  }
}

/** Lets go of what no open run may call, no forecast asks for and no idle time speaks for. */
export function letGo(book: WarmBook, forecasts: readonly RunForecast[]): void {
  for (const name of book.held()) {
    const known = book.view.component(name);
    const idleMs = book.idleMs(name);
    if (!known || idleMs === undefined || known.status.callsInFlight > 0) continue;
    if ((book.observation.floorCopies[name] ?? 0) > 0 || book.view.wishesElsewhere(name).length > 0) continue;
    if (forecasts.some((forecast) => forecast.reach(name) > 0)) continue;
    const plan = book.view.keepAlive(name, known.costs);
    if (isWorthKeeping(plan, idleMs, book.view.lateStartMs(name))) continue;
    book.release(name, `no open run may call it, idle for ${(idleMs / 1000).toFixed(1)} s: ${plan.reason}`);
  }
}
