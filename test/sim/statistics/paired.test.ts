import { randomStream } from '../../../sim/kernel/random';
import { confidenceInterval } from '../../../sim/statistics/interval';
import { pairedDifference, pairedRatio } from '../../../sim/statistics/paired';
import { normalDraws } from './normal-draws';

/** Twenty seeds whose load differs much more than the two cells do: the second takes 0.7 of the first. */
const load = normalDraws(randomStream(1, 'paired', 'load'), 20).map((z) => Math.exp(5 + z));
const noise = normalDraws(randomStream(1, 'paired', 'noise'), 20).map((z) => Math.exp(0.02 * z));
const reduced = load.map((value, seed) => 0.7 * value * noise[seed]!);

test('what the seeds have in common cancels, so that a small effect shows', () => {
  const { mean, low, high, pValue } = pairedRatio(reduced, load);
  expect(mean).toBeCloseTo(0.7, 1);
  expect([low < 0.7, high > 0.7, high - low < 0.03, pValue < 1e-12]).toEqual([true, true, true, true]);
  // Without pairs the cells overlap.
  expect(confidenceInterval(reduced).high).toBeGreaterThan(confidenceInterval(load).low);
});

test('swapping the sides turns the sign of a difference and inverts a ratio', () => {
  const difference = pairedDifference(reduced, load);
  const ratio = pairedRatio(reduced, load);
  expect(pairedDifference(load, reduced)).toEqual({
    mean: -difference.mean,
    low: -difference.high,
    high: -difference.low,
    pValue: difference.pValue,
  });
  expect(pairedRatio(load, reduced).low).toBeCloseTo(1 / ratio.high, 12);
  expect(pairedRatio(load, reduced).pValue).toBeCloseTo(ratio.pValue, 12);
});

test('the same values on both sides show no difference', () => {
  expect(pairedDifference(load, load)).toEqual({ mean: 0, low: 0, high: 0, pValue: 1 });
  expect(pairedRatio(load, load)).toEqual({ mean: 1, low: 1, high: 1, pValue: 1 });
});

test('a seed in which one side failed leaves the ratio without bounds', () => {
  expect(pairedRatio([Infinity, 2], [1, 2])).toEqual({ mean: Infinity, low: 0, high: Infinity, pValue: 1 });
});

test('what cannot be paired is refused', () => {
  expect(() => pairedDifference([1, 2], [1])).toThrow('one value of each seed on both sides, got: 2 and 1');
  expect(() => pairedRatio([0], [1])).toThrow('a ratio needs positive values, got: 0 over 1');
});
