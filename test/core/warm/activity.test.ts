import * as fc from 'fast-check';
import { addCall, NO_ACTIVITY, pausesOf } from '../../../core/warm';

const calls = fc.array(
  fc.record({ fromMs: fc.nat(3_000_000), lengthMs: fc.nat(20_000) }).map(({ fromMs, lengthMs }) => ({
    fromMs,
    toMs: fromMs + lengthMs,
  })),
  { minLength: 1, maxLength: 80 },
);

const all = (of: readonly { readonly fromMs: number; readonly toMs: number }[]) =>
  of.reduce((activity, call) => addCall(activity, call, 1), NO_ACTIVITY);

test('spans are in order, 10 s or more apart, 50 at most, and cover every call', () => {
  fc.assert(
    fc.property(calls, (given) => {
      const { spans, servedMs } = all(given);
      expect(servedMs).toBe(given.length);
      expect(spans.length).toBeLessThanOrEqual(50);
      const pauses = spans.slice(1).map(({ fromMs }, at) => fromMs - spans[at]!.toMs);
      expect(Math.min(10_000, ...pauses)).toBe(10_000);
      for (const { fromMs, toMs } of given) {
        expect(spans.some((span) => span.fromMs <= fromMs && span.toMs >= toMs)).toBe(true);
      }
    }),
  );
});

test('pauses count from the last call before the first span', () => {
  const { spans } = all([
    { fromMs: 100_000, toMs: 101_000 },
    { fromMs: 105_000, toMs: 106_000 },
    { fromMs: 200_000, toMs: 201_000 },
  ]);
  expect(pausesOf(spans, 40_000)).toEqual([60_000, 94_000]);
  expect(pausesOf(spans, undefined)).toEqual([94_000]);
  expect(pausesOf(spans, 95_000)).toEqual([94_000]);
});
