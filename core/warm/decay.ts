/** What is left of a weight after a time; a clock that runs backwards costs nothing. */
export function decayOf(elapsedMs: number, halfLifeMs: number): number {
  return 0.5 ** (Math.max(0, elapsedMs) / halfLifeMs);
}
