const FIRST_MS = 5 * 60_000;

/** Each reaches twelve times as far back as the one before: 5 min, 1 h, 12 h, 6 d. */
const GROWTH = 12;

export interface TimeWindow {
  readonly fromMs: number;
  /** The first moment after it; the newest one has no end, because the clocks of services differ. */
  readonly toMs: number;
}

/** The time since then in windows that grow, the newest first, so that what was written last is found with few requests. */
export function* windowsBackwards(sinceMs: number, nowMs: number): Generator<TimeWindow> {
  let toMs = Infinity;
  for (let ageMs = FIRST_MS; nowMs - ageMs > sinceMs; ageMs *= GROWTH) {
    const fromMs = nowMs - ageMs;
    yield { fromMs, toMs };
    toMs = fromMs;
  }
  yield { fromMs: sinceMs, toMs };
}
