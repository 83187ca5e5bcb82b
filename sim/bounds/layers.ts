/** A need for copies taken apart: layer j, counted from 1, is needed in the windows whose need is at least j. */
export interface Layers {
  /** Windows in which a layer is needed, over all layers. */
  readonly neededWindows: number;
  /** How many gaps there are between two needs of a layer, by their length in windows. */
  readonly gaps: ReadonlyMap<number, number>;
  /** Starts that nothing avoids: one of each layer, unless the run begins warm. */
  readonly firstStarts: number;
}

/** In a run that begins warm, the windows before a layer's first need are a gap as well. Takes O(windows x peak) time. */
export function layersOf(needByWindow: ArrayLike<number>, beginsWarm: boolean): Layers {
  const gaps = new Map<number, number>();
  const addGap = (length: number) => gaps.set(length, (gaps.get(length) ?? 0) + 1);
  /** The window in which each layer's last need ended. */
  const ended: number[] = [];
  let neededWindows = 0;
  let previous = 0;
  for (let t = 0; t < needByWindow.length; t++) {
    const need = needByWindow[t]!;
    if (!(Number.isInteger(need) && need >= 0)) {
      throw new RangeError(`needByWindow must hold whole numbers from 0, got: ${need}`);
    }
    for (let layer = previous; layer < need; layer++) {
      const since = ended[layer] ?? (beginsWarm ? 0 : t);
      if (t > since) addGap(t - since);
    }
    for (let layer = need; layer < previous; layer++) ended[layer] = t;
    neededWindows += need;
    previous = need;
  }
  const layers = Math.max(ended.length, previous);
  return { neededWindows, gaps, firstStarts: beginsWarm ? 0 : layers };
}

/**
 * The least that meeting the need can cost, if a copy costs `holdUsd` for each window and `startUsd` for each start.
 *
 * Each gap is known in advance, so each layer either holds through it or stops and starts anew, whichever is cheaper.
 * No policy does better: what runs at any time can be sorted into layers without adding a start, and the layers do not
 * affect each other (off-line right-sizing with linear costs: Lin, Wierman, Andrew and Thereska, *Dynamic right-sizing
 * for power-proportional data centers*, INFOCOM 2011).
 */
export function leastCostUsd({ neededWindows, gaps, firstStarts }: Layers, holdUsd: number, startUsd: number): number {
  let sum = neededWindows * holdUsd + firstStarts * startUsd;
  for (const [length, count] of gaps) sum += count * Math.min(length * holdUsd, startUsd);
  return sum;
}
