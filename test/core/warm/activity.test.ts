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

/** So many calls of a second, after pauses that are told; the first begins at 0. */
function callsAfter(pausesMs: readonly number[]) {
  let atMs = 0;
  return [0, ...pausesMs].map((pauseMs) => {
    const fromMs = atMs + pauseMs;
    atMs = fromMs + 1_000;
    return { fromMs, toMs: atMs };
  });
}

test.each([1, 2, 25, 49, 50])(
  'of 51 spans the two with the shortest pause between them are told as one (pause %i)',
  (shortest) => {
    const given = callsAfter(Array.from({ length: 50 }, (_, at) => (at + 1 === shortest ? 20_000 : 30_000 + at)));
    const { spans } = all(given);
    expect(spans).toEqual([
      ...given.slice(0, shortest - 1),
      { fromMs: given[shortest - 1]!.fromMs, toMs: given[shortest]!.toMs },
      ...given.slice(shortest + 1),
    ]);
  },
);

test('of several shortest pauses the first is left out', () => {
  const given = callsAfter(Array.from({ length: 50 }, (_, at) => (at % 2 === 0 ? 60_000 : 20_000)));
  expect(all(given).spans[1]).toEqual({ fromMs: given[1]!.fromMs, toMs: given[2]!.toMs });
  expect(all(given).spans.slice(2)).toEqual(given.slice(3));
});

test('fifty spans are told as they are', () => {
  const given = callsAfter(Array<number>(49).fill(20_000));
  expect(all(given).spans).toEqual(given);
});

test('a pause of exactly 10 s is one, and a shorter one is none', () => {
  const [first, second] = callsAfter([10_000]);
  expect(all([first!, second!]).spans).toEqual([first, second]);
  expect(pausesOf([first!, second!], undefined)).toEqual([10_000]);
  expect(all(callsAfter([9_999])).spans).toEqual([{ fromMs: 0, toMs: 11_999 }]);
});
