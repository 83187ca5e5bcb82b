/** When a component was busy with the calls of one process, in epoch milliseconds. Plain data, so that it can travel in a message. */
export interface Activity {
  /** From the start of a call to the end of the last one that followed it soon; in order and apart. */
  readonly spans: readonly Span[];
  /** Milliseconds of service, of all calls together. */
  readonly servedMs: number;
}

export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

export const NO_ACTIVITY: Activity = { spans: [], servedMs: 0 };

/** Nothing is let go after a shorter pause, so shorter ones are not worth remembering. */
const SHORTEST_PAUSE_MS = 10_000;

/** Pauses that one message tells of: of more, the shortest is left out. */
const MAX_SPANS = 50;

export function addCall({ spans, servedMs }: Activity, call: Span, callServedMs: number): Activity {
  const joined: Span[] = [];
  for (const span of [...spans, call].sort((a, b) => a.fromMs - b.fromMs)) {
    const last = joined.at(-1);
    if (last && span.fromMs - last.toMs < SHORTEST_PAUSE_MS) {
      joined[joined.length - 1] = { fromMs: last.fromMs, toMs: Math.max(last.toMs, span.toMs) };
    } else {
      joined.push(span);
    }
  }
  return {
    spans: joined.length > MAX_SPANS ? withoutShortestPause(joined) : joined,
    servedMs: servedMs + callServedMs,
  };
}

/** The pauses since the last call before the spans; none if that is not known. */
export function pausesOf(spans: readonly Span[], lastCallMs: number | undefined): number[] {
  const pauses: number[] = [];
  let lastMs = lastCallMs;
  for (const { fromMs, toMs } of spans) {
    if (lastMs !== undefined && fromMs - lastMs >= SHORTEST_PAUSE_MS) pauses.push(fromMs - lastMs);
    lastMs = Math.max(lastMs ?? toMs, toMs);
  }
  return pauses;
}

function withoutShortestPause(spans: readonly Span[]): Span[] {
  let shortest = 1;
  for (let at = 2; at < spans.length; at++) if (pauseBefore(spans, at) < pauseBefore(spans, shortest)) shortest = at;
  const joined = { fromMs: spans[shortest - 1]!.fromMs, toMs: spans[shortest]!.toMs };
  return [...spans.slice(0, shortest - 1), joined, ...spans.slice(shortest + 1)];
}

function pauseBefore(spans: readonly Span[], at: number): number {
  return spans[at]!.fromMs - spans[at - 1]!.toMs;
}
