import { demandWindows, needByWindow } from '../../bounds/demand';
import type { Autoscaler } from '../../control/autoscaler';
import type { Actor, Timeline } from '../../kernel/timeline';
import type { Policy } from '../policy';
import { expectedCalls } from './expected-calls';
import { lateStartSeconds } from './start-up-time';

const WINDOW_SECONDS = 60;
const WINDOW_US = WINDOW_SECONDS * 1e6;

/**
 * Knows every request to come, and keeps just the copies that they will need: ready when the need begins, gone when it
 * ends. An oracle that starts and stops copies as AWS does, delays included: what forecasts and pre-warming can reach.
 *
 * The need of a window is that of its calls at the target concurrency. What is held in a window is the greatest need
 * from the window before, as calls may come later than without load, until a start-up time ahead. At which targets the
 * objective is just met is not for it to know: they are trained, see `trainScaling`.
 */
export function clairvoyantPolicy(): Policy {
  return (context) => {
    const { world, worldModel, timeline, components, requests } = context;
    const calls = expectedCalls(context);
    const durationUs = Math.ceil(requests.durationUs / WINDOW_US) * WINDOW_US;
    for (const { name, autoscaler } of world.models) {
      const model = worldModel.components[name]!;
      if (!autoscaler || model.kind === 'tool') continue;
      const demand = demandWindows(calls[components.indexOf(name)]!, WINDOW_SECONDS, durationUs);
      const need = needByWindow(demand, autoscaler.targetConcurrency);
      const ahead = Math.ceil(lateStartSeconds(model, worldModel) / WINDOW_SECONDS);
      new Foresight(autoscaler, greatestAround(need, 1, ahead), timeline);
    }
    return {};
  };
}

/** Moves one autoscaler along a plan. */
class Foresight implements Actor {
  readonly #maxCopies: number;
  #window: number;

  constructor(
    private readonly autoscaler: Autoscaler,
    private readonly copies: Int32Array,
    private readonly timeline: Timeline,
  ) {
    this.#maxCopies = autoscaler.maxCopies;
    this.#window = Math.floor(timeline.nowUs / WINDOW_US);
    this.act();
  }

  act(): void {
    const copies = Math.min(this.copies[this.#window] ?? 0, this.#maxCopies);
    this.autoscaler.setLimits({ minCopies: copies, maxCopies: copies });
    // A call that comes unforeseen still starts a copy.
    if (copies === 0) this.autoscaler.setLimits({ maxCopies: Math.min(1, this.#maxCopies) });
    this.#window++;
    if (this.#window <= this.copies.length) this.timeline.at(this.#window * WINDOW_US, this);
  }
}

/** The greatest value from so many windows before each until so many after it. */
function greatestAround(values: Int32Array, before: number, after: number): Int32Array {
  return values.map((_, at) => Math.max(...values.subarray(Math.max(0, at - before), at + after + 1)));
}
