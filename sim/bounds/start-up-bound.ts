import { busySpans } from './busy-spans';
import { type CapacityNeed, windowPriceUsd } from './capacity-bound';
import { type Layers, layersOf, leastCostUsd } from './layers';

/** What starts of copies cost, beside the copies that one component needs. */
export interface StartUpNeed extends CapacityNeed {
  /** Seconds of a start that are billed: 0 where billing begins with the first call. */
  readonly startSeconds: number;
  /**
   * The least that is billed for a copy from its start to its stop, its seconds included: of bills in whole units, such
   * as five minutes, one unit. 0 without such a minimum.
   */
  readonly minimumBillUsd: number;
  /** Whether as many copies as will ever be needed are warm when the run begins. */
  readonly beginsWarm: boolean;
}

/**
 * LB2: what the needed copies cost with their starts and minimum bills, with the whole future known. Like LB1 it bounds
 * the policies that meet the need in every window.
 *
 * Without a minimum bill it is exact: some policy costs just that. With one it is a lower bound, because copies may
 * relay each other so that fewer are billed the minimum: see `relaxedUsd`.
 *
 * @throws RangeError for a need that is not a whole number.
 */
export function startUpBoundUsd(components: readonly StartUpNeed[]): number {
  return components.reduce((sum, component) => sum + componentBoundUsd(component), 0);
}

function componentBoundUsd(component: StartUpNeed): number {
  const prices = pricesOf(component);
  // Held through such a pause, a copy costs more than stopped and started anew, whatever it did before and does after.
  const pauseWindows = (prices.startUsd + 2 * prices.minimumUsd) / prices.holdUsd;
  return busySpans(component.needByWindow, pauseWindows).reduce((sum, need, i) => {
    const layers = layersOf(need, i === 0 && component.beginsWarm);
    return sum + Math.max(...weights(prices, layers).map((weight) => relaxedUsd(prices, layers, weight)));
  }, 0);
}

/** Of one copy: for a window, for the seconds of a start, and its least bill. */
interface Prices {
  readonly holdUsd: number;
  readonly startUsd: number;
  readonly minimumUsd: number;
}

function pricesOf(component: StartUpNeed): Prices {
  return {
    holdUsd: windowPriceUsd(component),
    startUsd: (component.startSeconds / 3600) * component.pricePerCopyHourUsd,
    minimumUsd: component.minimumBillUsd,
  };
}

/**
 * A copy's bill, `max(minimum, seconds x price)`, is at least any weighted mean of the two. With a fixed weight of the
 * seconds, such a mean is a price for each start and a price for each second, for which the least cost is known exactly.
 */
function relaxedUsd({ holdUsd, startUsd, minimumUsd }: Prices, layers: Layers, weight: number): number {
  return leastCostUsd(layers, weight * holdUsd, weight * startUsd + (1 - weight) * minimumUsd);
}

/**
 * The weights among which the best bound is found: as a function of the weight it is concave and made of straight
 * pieces, so it is largest at an end or where holding through some gap costs as much as a new start.
 */
function weights({ holdUsd, startUsd, minimumUsd }: Prices, { gaps }: Layers): number[] {
  if (minimumUsd === 0) return [1];
  const kinks = Array.from(gaps.keys(), (length) => minimumUsd / (minimumUsd + length * holdUsd - startUsd));
  return [0, 1, ...kinks.filter((weight) => weight > 0 && weight < 1)];
}
