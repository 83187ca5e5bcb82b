import { HOUR_MS } from '../time-units';
import { unusedMs } from './cold-start';
import { HOLD_MS } from './hold';
import { callChance } from './keep-alive';
import { meanMs } from './log-normal';
import type { WarmBook } from './warm-book';
import { delayPenaltyPerHourUsd } from './worth';

/** A floor for as long as it would be held next. */
interface Floor {
  readonly name: string;
  readonly copies: number;
  readonly holdMs: number;
  /** Of each copy: what the wait that it spares costs, as likely as a call is. */
  readonly benefitUsd: number;
  readonly costUsd: number;
  readonly why: string;
}

/**
 * Keeps as many copies as a forecast asks for, where that pays.
 *
 * What a floor is worth is the wait that starting everything on entry cannot hide: all of a root's cold start, less of
 * a node's the longer a run takes to get there; if a call comes while it is held, as the idle times have it. That each
 * copy spares one caller the wait is the least it does, so a floor that pays by this pays. The best value for money
 * comes first, so that when the budget is short the components that decide how long a run waits keep theirs.
 */
export function keepFloors(book: WarmBook): void {
  const asked = Object.entries(book.observation.floorCopies).filter(([name, n]) => n > 0 && book.view.component(name));
  if (asked.length === 0) return;
  const unhidden = unhiddenWaits(book);
  const floors = asked.map(([name, copies]) => floorOf(book, name, copies, unhidden.get(name) ?? 0));
  floors.sort((a, b) => b.benefitUsd / b.costUsd - a.benefitUsd / a.costUsd);
  for (const { name, copies, holdMs, benefitUsd, costUsd, why } of floors) {
    if (benefitUsd <= costUsd) {
      book.note(`${name}: floor not kept: ${why}`);
    } else if (book.view.component(name)!.status.copies >= copies) {
      book.keep(name, copies, book.nowMs + holdMs, why);
    } else {
      book.warm(name, copies, book.nowMs + holdMs, why, 'ahead');
    }
  }
}

function floorOf(book: WarmBook, name: string, copies: number, waitMs: number): Floor {
  const { costs, status } = book.view.component(name)!;
  const startMs = status.copies >= copies ? 0 : book.view.lateStartMs(name);
  const holdMs = HOLD_MS + startMs;
  const idleMs = book.idleMs(name);
  const idleTimes = book.observation.knowledge.idleTimes[name];
  // Without a usable histogram the forecast is taken at its word.
  const chance = (idleMs === undefined ? undefined : callChance(idleTimes, idleMs, holdMs)) ?? 1;
  const benefitUsd = (chance * waitMs * delayPenaltyPerHourUsd(costs)) / HOUR_MS;
  const unneededMs = startMs === 0 ? holdMs : unusedMs(book.view.coldStart(name), startMs, holdMs);
  const costUsd = ((chance * holdMs + (1 - chance) * unneededMs) * costs.pricePerHourUsd) / HOUR_MS;
  const balance = `${benefitUsd.toFixed(4)} USD of waiting for ${costUsd.toFixed(4)} USD a copy`;
  const wait = `entry would leave a wait of ${(waitMs / 1000).toFixed(1)} s with probability ${chance.toFixed(2)}`;
  const why = `a forecast asks for ${copies} copies; ${wait}: ${balance}`;
  return { name, copies, holdMs, benefitUsd, costUsd, why };
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
