import fc from 'fast-check';
import { type LatencyPercentiles, PERCENTILE_GRID } from '../../../core/scale/pooled-latency';
import { areLost } from '../../../lambda/tuner/lost-minutes';

const MINUTE = 60_000;
const SAMPLE = 10_000;

interface Call {
  readonly startMs: number;
  readonly tookMs: number;
}

/** The percentiles of some latencies, each the nearest of them. */
function percentilesOf(latenciesMs: readonly number[]): LatencyPercentiles {
  const sorted = latenciesMs.toSorted((a, b) => a - b);
  const valuesMs = PERCENTILE_GRID.map((p) => sorted[Math.max(0, Math.ceil((p / 100) * sorted.length) - 1)]!);
  return { count: sorted.length, valuesMs };
}

const endOf = ({ startMs, tookMs }: Call) => startMs + tookMs;

/** Minutes from 1 on, as they are told of by the calls that ended in them. */
const toldBy = (calls: readonly Call[]) =>
  Array.from({ length: 30 }, (_, i) => (i + 1) * MINUTE).map((startMs) => {
    const ended = calls.filter((call) => endOf(call) >= startMs && endOf(call) < startMs + MINUTE);
    return { startMs, latency: ended.length > 0 ? [percentilesOf(ended.map(({ tookMs }) => tookMs))] : [] };
  });

const inHandAt = (calls: readonly Call[], atMs: number) =>
  calls.filter((call) => call.startMs <= atMs && endOf(call) > atMs).length;

/** Minute 0 is looked at: in its sample that begins here. */
const sampleStart = fc.integer({ min: 0, max: 5 }).map((slot) => slot * SAMPLE);
const callsOf = (longestMs: number) =>
  fc.array(
    fc.record({
      startMs: fc.integer({ min: -5 * MINUTE, max: 8 * MINUTE }),
      tookMs: fc.integer({ min: 1, max: longestMs }),
    }),
    { minLength: 1, maxLength: 200 },
  );

test('no minute is lost in which no call ended, however long the calls and however many are hedged', () => {
  fc.assert(
    fc.property(callsOf(20 * MINUTE), sampleStart, fc.constantFrom(1, 2), (calls, startMs, tries) => {
      const silent = calls.filter((call) => endOf(call) < 0 || endOf(call) >= MINUTE);
      const inHand = { calls: tries * inHandAt(silent, startMs), untilMs: startMs + SAMPLE };
      expect(areLost(inHand, toldBy(silent))).toBe(false);
    }),
  );
});

test('a minute is lost if all calls that are told of later began after it', () => {
  fc.assert(
    fc.property(callsOf(10 * MINUTE), fc.integer({ min: 1, max: 500 }), (calls, inHand) => {
      const later = calls.filter(({ startMs }) => startMs >= MINUTE + SAMPLE);
      expect(areLost({ calls: inHand, untilMs: SAMPLE }, toldBy(later))).toBe(true);
    }),
  );
});

test('short calls of the next minute do not account for a busy minute, as many as they are', () => {
  const next = { startMs: MINUTE, latency: [percentilesOf(Array(500).fill(20_000))] };
  expect(areLost({ calls: 8, untilMs: SAMPLE }, [next])).toBe(true);
  expect(areLost({ calls: 8, untilMs: 5 * SAMPLE }, [next])).toBe(false);
});
