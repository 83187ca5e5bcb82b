/** Where an increasing function passes `target`, to the last bit: the bracket is halved until nothing lies within. */
export function invertIncreasing(f: (x: number) => number, target: number, low: number, high: number): number {
  for (;;) {
    const middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) return middle;
    if (f(middle) < target) low = middle;
    else high = middle;
  }
}
