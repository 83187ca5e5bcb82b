import { randomStream } from '../../../sim/kernel/random';
import { weibullShape } from '../../../sim/workload/gamma';
import { renewal } from '../../../sim/workload/renewal';

const CASES = (['gamma', 'weibull'] as const).flatMap((law) => [0.3, 1, 2, 4].map((cv) => ({ law, cv })));

test.each(CASES)('$law gaps have a mean of 1 and a variation of $cv', ({ law, cv }) => {
  const process = renewal({ law, cv }, randomStream(1, 'test', law));
  const { mean, variation } = statisticsOf(() => process.next(), 30_000);
  expect(Math.abs(mean - 1)).toBeLessThan(0.05);
  expect(Math.abs(variation / cv - 1)).toBeLessThan(0.1);
});

test('gamma gaps with a variation of 13 have it', () => {
  const process = renewal({ law: 'gamma', cv: 13 }, randomStream(3, 'test', 'bursts'));
  const { mean, variation } = statisticsOf(() => process.next(), 100_000);
  expect(Math.abs(mean - 1)).toBeLessThan(0.1);
  expect(Math.abs(variation / 13 - 1)).toBeLessThan(0.1);
});

test.each(CASES)('the first $law gap of a variation of $cv is the rest of one that has begun', ({ law, cv }) => {
  const process = renewal({ law, cv }, randomStream(1, 'test', law));
  const { mean } = statisticsOf(() => process.first(), 30_000);
  expect(Math.abs(mean / ((1 + cv ** 2) / 2) - 1)).toBeLessThan(0.08);
});

test.each([
  [1, 1],
  [2, 0.5427],
  [Math.sqrt(5), 0.5],
  [0.5227, 2],
])('a Weibull of a variation of %d has the shape %d', (cv, shape) => {
  expect(weibullShape(cv)).toBeCloseTo(shape, 3);
});

function statisticsOf(draw: () => number, draws: number) {
  const gaps = Float64Array.from({ length: draws }, draw);
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / draws;
  const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / draws;
  return { mean, variation: Math.sqrt(variance) / mean };
}
