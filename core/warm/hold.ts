import { isWorthKeeping } from './keep-alive';
import type { WarmBook } from './warm-book';

/** Holds are short and prolonged, so that money is set aside hour by hour and copies go if nobody decides any more. */
export const HOLD_MS = 15 * 60_000;

/**
 * Keeps each component for as long after its last call as its idle times make worth it, and has it back in time.
 *
 * One copy is enough for the next call to find it warm; what a burst started goes when its calls have ended.
 */
export function keepAfterCalls(book: WarmBook): void {
  const { nowMs } = book;
  for (const name of Object.keys(book.observation.components)) {
    const idleMs = book.idleMs(name);
    const known = book.view.component(name);
    if (!known || idleMs === undefined) continue;
    const plan = book.view.keepAlive(name, known.costs);
    const leadMs = book.view.lateStartMs(name);
    const window = plan.windows.find(({ toMs }) => idleMs < toMs);
    if (!window) continue;
    const untilStartMs = window.fromMs - leadMs - idleMs;
    if (untilStartMs > 0) {
      book.askAgainAt(nowMs + untilStartMs);
      continue;
    }
    const leftMs = window.toMs - idleMs;
    if (known.status.copies > 0) {
      const copies = known.status.callsInFlight > 0 ? Math.max(1, book.heldCopies(name)) : 1;
      book.keep(name, copies, nowMs + Math.min(leftMs, HOLD_MS), plan.reason);
    } else if (window.fromMs > 0 && book.readyInMs(name) === undefined) {
      book.warm(name, 1, nowMs + Math.min(leftMs, leadMs + HOLD_MS), plan.reason, 'ahead');
    }
  }
}

/** Lets go of what no run may call or come back for, no forecast asks for and no idle time speaks for. */
export function letGo(book: WarmBook): void {
  for (const name of book.held()) {
    const known = book.view.component(name);
    const idleMs = book.idleMs(name);
    if (!known || idleMs === undefined || known.status.callsInFlight > 0) continue;
    if (book.isAwaited(name) || (book.observation.floorCopies[name] ?? 0) > 0) continue;
    const plan = book.view.keepAlive(name, known.costs);
    if (isWorthKeeping(plan, idleMs, book.view.lateStartMs(name))) continue;
    if (book.forecasts.some((forecast) => forecast.reach(name) > 0)) continue;
    book.release(name, `no open run may call it, idle for ${(idleMs / 1000).toFixed(1)} s: ${plan.reason}`);
  }
}
