import fc from 'fast-check';
import { busySpans } from '../../../sim/bounds/busy-spans';

const spansOf = (need: readonly number[], pauseWindows: number) =>
  busySpans(need, pauseWindows).map((span) => Array.from(span));

test('a need is cut at its long pauses only', () => {
  expect(spansOf([1, 0, 2, 0, 0, 0, 3, 1], 2)).toEqual([
    [1, 0, 2],
    [3, 1],
  ]);
});

test('the first span begins with the run, even if that begins with a pause', () => {
  expect(spansOf([0, 0, 0, 1], 2)).toEqual([[], [1]]);
  expect(spansOf([0, 1], 2)).toEqual([[0, 1]]);
});

test('no window that needs a copy is lost', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(2)), fc.nat(4), (need, pauseWindows) => {
      expect(spansOf(need, pauseWindows).flat().filter(Boolean)).toEqual(need.filter(Boolean));
    }),
  );
});
